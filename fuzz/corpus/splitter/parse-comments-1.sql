/* one /* two ; */ still ; ' " */ create table t(n int); -- tail ; ' $$ 
insert into t values (1) /* ; */;
--
-- ;
insert /* a */ into -- b;
 t values (2);
/**/insert into t values (3);/* ' */
insert into t values (4); /* unfinished; */ -- last