{{ config(materialized='view') }}
select * from {{ ref('encounter') }} where discharged is null
