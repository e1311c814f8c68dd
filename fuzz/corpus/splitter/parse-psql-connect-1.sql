create table t(n int);
\connect other
\i file.sql
