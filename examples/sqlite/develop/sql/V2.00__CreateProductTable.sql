CREATE TABLE product (
  id integer PRIMARY KEY,
  name text,
  weight_lbs numeric,
  units integer
);
