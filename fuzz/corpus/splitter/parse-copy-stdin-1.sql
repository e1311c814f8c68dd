create table t(n int, s text);
copy t from stdin;
1	one;two
2	it's $$ -- x
3	\N
4	tab\tin
\.
insert into t values (5,'after');
COPY t (n, s) FROM STDIN WITH (FORMAT csv);
6,"a,b;"
7,x
\.
copy t (n) from stdin with csv header;
n
8
\.
