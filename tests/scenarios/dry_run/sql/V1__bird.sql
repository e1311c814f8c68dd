CREATE TABLE bird (name TEXT DEFAULT '${name}');
