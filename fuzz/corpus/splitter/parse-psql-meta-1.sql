\set x 1
create table t(n int);
