alter system reset application_name;
