create table t(n int);
copy t from stdin;
1
x
\.
