create table a(i int);
-- ${nope} in a comment only
