select * from {{ ref('encounter') }} where discharged < admitted
