drop database "${db}_x";
