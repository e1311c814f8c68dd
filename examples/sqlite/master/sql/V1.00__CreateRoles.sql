-- SQLite has no roles: a table stands for them. The passwords arrive as placeholders, as they do for
-- PostgreSQL, but only their lengths are kept.
CREATE TABLE role (
  name text PRIMARY KEY,
  password_length integer NOT NULL
);

INSERT INTO role VALUES ('read_only', length('${READ_ONLY_PASSWORD}'));
INSERT INTO role VALUES ('sample_application', length('${SAMPLE_APPLICATION_PASSWORD}'));
