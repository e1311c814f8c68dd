insert into p values ('cb','${x} ${flyway:filename} ${flyway:table}');
