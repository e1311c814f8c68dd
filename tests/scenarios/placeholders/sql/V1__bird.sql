CREATE TABLE bird (name text);
INSERT INTO bird VALUES ('${name}'), ('${flyway:filename}');
