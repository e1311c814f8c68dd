CREATE TABLE customer (
  id serial PRIMARY KEY,
  name varchar NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);

INSERT INTO customer (name) VALUES ('Sandpiper & Sons; est. 1921'), ('Knot Ropes');
