CREATE TABLE archived (id INT);
CREATE PROCEDURE archive() LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO archived VALUES (1);
  COMMIT;
END $$;
