CREATE TABLE who AS SELECT current_setting('application_name') AS name;
SELECT name FROM who;
