CREATE TABLE customer (
  id integer PRIMARY KEY,
  name text NOT NULL,
  created_at text NOT NULL DEFAULT CURRENT_TIMESTAMP
);

INSERT INTO customer (name) VALUES ('Sandpiper & Sons; est. 1921'), ('Knot Ropes');
