-- +goose ENVSUB ON
-- +goose Up
SELECT 1;
-- +goose ENVSUB OFF
SELECT '${HOME} stays';
