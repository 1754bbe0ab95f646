-- Which installation secret this database was written with: another one could neither check a key nor read a cursor.
CREATE TABLE installation (
  only_one    boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  fingerprint bytea NOT NULL
);
