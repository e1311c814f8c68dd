CREATE TABLE access (
  role text NOT NULL REFERENCES role (name),
  may text NOT NULL CHECK (may IN ('read', 'write')),
  PRIMARY KEY (role, may)
);

INSERT INTO access VALUES
  ('read_only', 'read'),
  ('sample_application', 'read'),
  ('sample_application', 'write');
