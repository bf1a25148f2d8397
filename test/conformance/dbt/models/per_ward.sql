{{ config(materialized='table', transient=false) }}
select w.ward, count(e.id) as stays from {{ ref('wards') }} w join {{ ref('encounter') }} e on e.ward = w.ward group by 1
