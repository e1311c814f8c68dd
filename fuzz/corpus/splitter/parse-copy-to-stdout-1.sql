create table t(n int);
copy t to stdout;
