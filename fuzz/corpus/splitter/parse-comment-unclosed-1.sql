create table t(n int);
/* never ends ; 
