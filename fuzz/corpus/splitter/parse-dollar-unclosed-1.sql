create table t(n int);
do $$ begin null; end;
