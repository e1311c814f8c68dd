INSERT INTO bird VALUES ('dunlin; calidris alpina', 48.0);
