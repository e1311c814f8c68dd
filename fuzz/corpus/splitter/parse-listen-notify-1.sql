create table t(n int);
listen x;
notify x, 'y;z';
values (1),(2);
table t;
show server_encoding;
explain select 1;
checkpoint;
