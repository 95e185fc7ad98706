//! Names of elements and attributes, as documents of the two product lines have them.

/// An element, and the attributes that are read of it, separated by blanks.
pub(super) type Shape = (&'static str, &'static str);

/// Documents of credit cards.
pub(super) const CARD: [Shape; 8] = [
    ("Request", "ID LockedBy btcardtoken btresponsecode iovation_blackbox Trans Process LastUpdatedBy Status priority"),
    (
        "application",
        "app_receive_date app_source_ind app_type_code product_line signature_ind assignedTo last_update_time ssn_match_flag \
         mail_cell_pricing population_assignment pricing_tier campaign_num solicitation_num special_offer IP_address partner_url_id \
         secure_ach_amount secure_ach_sent_flag debit_refund_failed swiftpay_num verification_source credit_life_ind debit_funding_source \
         debit_initial_deposit_amount debit_initial_deposit_date debit_nsf_return_date debit_refund_amount debit_refund_date expinnumber \
         esign_consent_flag paperless_flag sms_consent_flag",
    ),
    (
        "app_product",
        "decision_tp_c decision_date backend_fico_grade backend_risk_grade regb_start_date bank_debt_to_intome_ratio EX_DIE_score \
         EX_EVS_score EX_FICO_08_score EX_TIE_score experian_fico_score GIACT_Response InstantID_Score intrnl_fraud_address_ind \
         intrnl_fraud_ssn_ind prescreen_fico_score prescreen_risk_score risk_model_score risk_model_score_JB risk_model_score_JH \
         risk_model_score_LP supervisor_rev_ind TU_DIE_score TU_FICO_09_Score TU_L2C_score TU_TIE_score Vantage_Score_EX Vantage_Score_TU \
         VeridQA_Result DIE_Plus_Score adverse_actn1_type_cd adverse_actn2_type_cd adverse_actn3_type_cd adverse_actn4_type_cd \
         adverse_actn5_type_cd analyst_rev_ind booking_paused disclosures duplicate_app_ind fraud_rev_ind pending_verif_ind \
         prescreen_fico_grade prescreen_risk_grade booked_date multran_booked_date regb_end_date risk_model_reason1_tp_c \
         risk_model_reason2_tp_c risk_model_reason3_tp_c risk_model_reason4_tp_c debt_to_income_ratio decision_model monthly_debt \
         monthly_income",
    ),
    (
        "contact_address",
        "mailing_city mailing_po_box mailing_rural_route mailing_state mailing_street_name mailing_street_number mailing_unit \
         Patriot_Act_city Patriot_Act_rural_route Patriot_Act_state Patriot_Act_street_name Patriot_Act_street_number \
         Patriot_Act_street_suffix Patriot_Act_street_tp_c Patriot_Act_unit Patriot_Act_zip residence_monthly_pymnt city state address_tp_c \
         address_line_1 street_number street_name unit po_box rural_route zip months_at_residence ownership_tp_c home_phone cell_phone \
         years_at_residence",
    ),
    (
        "rmts_info",
        "special_flag_5 minimum_interest_charge account_setup_fee additional_card_fee late_payment_fee over_limit_fee returned_payment_fee \
         apr annual_fee cash_advance_apr CB_prescreen_birth_date primary_first_name primary_last_name primary_middle_name primary_ssn \
         primary_suffix pri_city pri_state pri_zip_code pri_cur_street_name pri_cur_street_num pri_apt_number pri_po_box_num \
         pri_rural_rt_num auth_user_is_spouse cash_advance_fee cash_advance_percent cash_apr_margin foreign_percent intro_cash_advance_apr \
         intro_purchase_apr min_payment_fee min_payment_percent purchase_apr_margin seg_plan_version special_flag_6 special_flag_7 \
         special_flag_8",
    ),
    (
        "app_prod_bcard",
        "allocated_credit_line recur_payment_credit_line issue_card_ind account_number credit_line2 max_line min_pay_due \
         multran_account_number",
    ),
    (
        "contact",
        "con_id first_name last_name ssn birth_date ac_role_tp_c initials mother_maiden_name suffix email CPS_Spouse_Address1 \
         CPS_Spouse_City CPS_Spouse_Name CPS_Spouse_State CPS_Spouse_Zipcode drivers_license drivers_license_state banking_aba \
         banking_account_number banking_account_type fraud_ind",
    ),
    (
        "contact_employment",
        "employment_tp_c b_name b_job_title_tp_c b_salary b_months_at_job b_other_income_amt b_primary_income_source_tp_c \
         b_other_income_source_tp_c b_self_employed_ind b_income_source_nontaxable b_phone_no b_city b_state b_street_name b_street_number \
         b_unit b_zip b_addr_1 b_other_income_source_detail b_years_at_job b_salary_basis_tp_c",
    ),
];

/// Documents of loans for recreation.
pub(super) const LENDING: [Shape; 13] = [
    ("Provenir", "appone_trans_id dt_app_id dt_dealer_id ipaddress"),
    ("Request", "ID Status Process Priority LastUpdatedBy"),
    (
        "IL_application",
        "add_TTL_to_amt_fin app_cash_down_payment app_entry_date app_receive_date app_invoice_amount app_sale_price app_source_ind \
         app_type_code product_line assigned_analyst dlr_address_line1 dlr_broker dlr_city dlr_email dlr_fax dlr_name dlr_num_marine \
         dlr_phone dlr_state dlr_zipcode duplicate_app_ind fsp_name fsp_phone individual_joint_app_ind last_update_time \
         loan_amount_requested loanpro_loan_id mapr parent_dealer_number requested_term_months sub_type_code supervisor_rev_ind \
         trade_allowance trade_net_tradein_amount trade_payoff_amount tied_app_id tied_app_indicator dlr_num_rv dlr_num_or dlr_num_ht \
         dlr_num_trailer dlr_num_mc",
    ),
    (
        "IL_contact",
        "con_id ac_role_tp_c birth_date cell_phone email first_name home_phone last_name loanpro_customer_id middle_initial ssn suffix \
         drivers_license drivers_license_expiration drivers_license_state",
    ),
    (
        "IL_contact_address",
        "address_type_code apartment_unit_number city months_at_residence ownership_type_code po_box residence_monthly_pymnt rural_route \
         state street_name street_number zip_code years_at_residence",
    ),
    (
        "IL_contact_employment",
        "address_line1 business_name business_phone city employment_type_code months_at_job other_income_amt other_income_source_type_code \
         salary self_employed_ind state street_name street_number title_position unit zip_code years_at_job salary_basis_type_code",
    ),
    (
        "IL_app_decision_info",
        "debt_to_income_ratio decision_date decision_type_code manual_adj_DTI_ratio manual_adj_monthly_debt manual_adj_monthly_income \
         monthly_debt monthly_income MRV_Grade_P MRV_Grade_S MRV_lead_indicator_p MRV_lead_indicator_s MRVP_Decline_Code_1 \
         MRVP_Decline_Code_2 MRVP_Decline_Code_3 MRVP_Decline_Code_4 MRVS_Decline_Code_1 MRVS_Decline_Code_2 MRVS_Decline_Code_3 \
         MRVS_Decline_Code_4 override_capacity override_collateral_program override_credit override_type_code_notes pending_verif_ind \
         regb_closed_days_num regular_pymt_amount1 Vantage4P_decline_code1 Vantage4P_decline_code2 Vantage4P_decline_code3 \
         Vantage4P_decline_code4 Vantage4P_decline_code5 Vantage4S_decline_code1 Vantage4S_decline_code2 Vantage4S_decline_code3 \
         Vantage4S_decline_code4 Vantage4S_decline_code5 experian_bankruptcy_score experian_bankruptcy_score2 experian_fico_score \
         experian_fico_score_10t experian_fico_score_10t_2 experian_fico_score_f9 experian_fico_score_f9_2 experian_fico_score_v8 \
         experian_fico_score_v8_2 experian_fico_score2 experian_Vantage_score experian_Vantage_score2 experian_vantage4_score \
         experian_vantage4_score2 CRI_score_p CRI_score_s MRV_score_p MRV_score_s",
    ),
    (
        "IL_collateral",
        "coll1_type coll1_make coll1_model coll1_new_used_demo coll1_value coll1_mileage coll1_VIN coll1_year coll_option1 \
         coll_option1_desc coll_option2 coll_option2_desc coll2_type coll2_make coll2_model coll2_new_used_demo coll2_value coll2_HP_Marine \
         coll2_VIN coll2_year coll_option3 coll_option3_desc coll_option4 coll_option4_desc coll3_type coll3_make coll3_model \
         coll3_new_used_demo coll3_value coll3_HP_Marine coll3_VIN coll3_year coll_option5 coll_option5_desc coll_option6 coll_option6_desc \
         coll4_type coll4_make coll4_model coll4_new_used_demo coll4_value coll4_VIN coll4_year coll_option7 coll_option7_desc coll_option8 \
         coll_option8_desc",
    ),
    (
        "IL_fund_checklist",
        "app_signed_borrower1 app_signed_borrower2 applicant_paystub_expire chk_requested_by coapplicant_paystub_expire \
         collateral_ages_within_policy collateral_percent_used_confirmed collateral_ws_unit_confirmation credit_bureau_expire \
         ct_addendum_signed_borr1 ct_addendum_signed_borr2 ct_address_confirmed ct_amt_financed_within_policy ct_apr_within_guidelines \
         ct_cash_down_payment ct_cash_proceeds ct_contract_state ct_correct_contract_state ct_down_pymt_percentage \
         ct_fee_Florida_doc_stamp_tax ct_fee_ucc1 ct_first_pymnt_by_dlr ct_initials_presented ct_itemization_confirmed \
         ct_loan_to_value_percentage ct_loan_to_value_percentage_with_fees ct_net_tradein_allowance ct_note_date ct_note_pymt_amount \
         ct_participation_percentage ct_participation_proceeds ct_pymt_schedule_confirmed ct_rate_over_split ct_sale_price \
         ct_signed_borrower1 ct_signed_borrower2 ct_titled_in_state ct_total_dealer_proceeds ct_UCC_prin_refund ct_verified_against_program \
         dl_borrower1 dl_borrower1_dob_confirmed dl_borrower2 dl_borrower2_dob_confirmed document_prep_fee finance_charge \
         fund_this_loan_indicator funding_contact_code guarantee_of_lien inc_fund_expiration_date ins_deductible_within_policy \
         ins_mb_lienholder ins_motor_vin_confirm ins_rv_boat_vin_confirm ins_trailer_vin_confirm license_fee loan_1st_pymt_not7days \
         loan_amount_approved loan_amount_within_policy loan_Credit_pulled_within_30days loan_down_pymt_approved \
         loan_down_pymt_within_policy loan_DTI_ratio_within_policy loan_FICO_within_policy loan_LTV_within_policy loan_note_date_in_range \
         loan_Paystub_within_30days loan_Paystub2_within_30days loan_reference1 loan_term_within_policy loan_unit_confirmed \
         motor_title_mb_lienholder motor_title_vin_confirm motor_ucc1_mb_lienholder motor_ucc1_vin_confirm new_motor_invoice_confirmed \
         new_motor2_invoice_confirmed new_rv_boat_invoice_confirmed new_trailer_invoice_confirmed other_dealer_fees_1 other_dealer_fees_2 \
         other_dealer_fees_3 other_dealer_fees_4 other_dealer_fees_5 other_dealer_fees_6 other_public_official_fee_1 \
         other_public_official_fee_2 other_public_official_fee_3 payoff_amount payoff_loan_number payoff_loan_verified registration_fee \
         rv_boat_title_mb_lienholder rv_boat_title_vin_confirm rv_boat_ucc1_mb_lienholder rv_boat_ucc1_vin_confirm subtotal taxes title_fee \
         total_amount_financed total_of_payments trailer_title_mb_lienholder trailer_title_vin_confirm trailer_ucc1_mb_lienholder \
         trailer_ucc1_vin_confirm ucc1_filed_by_Mockbank ct_fee_assess_Florida_Fee ct_fee_assess_Tennessee_Fee",
    ),
    ("IL_ITI_control", "funding_date account_number boarding_datetime verification_number"),
    ("IL_ITI_note", "payment_date product_number"),
    ("IL_fund_dlr_ach", "dlr_aba dlr_account_num dlr_bank_name dlr_bank_phone dlr_check_or_sav dlr_fsp_num dlr_proceeds_amount suppress_ach"),
    (
        "IL_backend_policies",
        "gap_company gap_amount gap_term gap_policy gap_lien service_contract_company service_contract_amount service_contract_term \
         service_contract_policy ext_warranty_company ext_warranty_amount ext_warranty_term ext_warranty_policy road_side_company \
         road_side_amount road_side_term road_side_policy credit_life_company credit_life_amount credit_life_term credit_life_policy \
         credit_disability_company credit_disability_amount credit_disability_term credit_disability_policy other_company other_amount \
         other_term other_policy",
    ),
];
