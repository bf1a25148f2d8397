{{ config(materialized='ephemeral') }}
select distinct ward from {{ ref('encounter') }}
