{{ config(materialized='ephemeral') }}
select visit_id, code from {{ source('adt', 'diagnoses') }}
qualify row_number() over (partition by visit_id order by rank) = 1
