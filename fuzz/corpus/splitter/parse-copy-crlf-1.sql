create table t(n int, s text);
copy t from stdin;
1	one
2	two
\.
insert into t values (3,'x');
