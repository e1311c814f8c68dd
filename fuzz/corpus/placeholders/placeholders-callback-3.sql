insert into p values ('each','${flyway:filename}');
