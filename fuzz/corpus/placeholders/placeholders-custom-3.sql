insert into p values ('c','${flyway.table}');
