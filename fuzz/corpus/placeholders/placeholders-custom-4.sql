insert into p values ('d','${flyway:table}');
