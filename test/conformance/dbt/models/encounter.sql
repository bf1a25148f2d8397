{{ config(materialized='table') }}
select id, patient, admitted::date as admitted, discharged::date as discharged, ward from {{ ref('raw_encounters') }}
