create database "${db}_x";
