create table t(n int);
copy t from stdin;
\.
copy t from stdin;
7
\.