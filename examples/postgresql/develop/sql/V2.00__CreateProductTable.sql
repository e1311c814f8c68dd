CREATE TABLE product (
  id serial PRIMARY KEY,
  name varchar,
  weight_lbs numeric,
  units integer
);
