alter system set application_name = 'q';
