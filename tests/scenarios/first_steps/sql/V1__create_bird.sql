CREATE TABLE bird (name text PRIMARY KEY, weight_g real);
