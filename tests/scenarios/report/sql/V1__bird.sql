CREATE TABLE bird (name TEXT DEFAULT '<dunlin> & "co"');
