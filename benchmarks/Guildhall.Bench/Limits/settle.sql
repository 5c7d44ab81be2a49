\set n :n + 1
\set id :client_id * :stride + :n
\set seller random(1000, 11000)
begin;
insert into pay.idem(key, payment_id) values (gen_random_uuid()::text, :id);
update pay.payment set state = 'captured', version = version + 1, captured_at = now() where id = :id and state = 'authorized' and version = 1;
insert into pay.jtx(payment_id, kind) values (:id, 'capture') returning id as jtx \gset
insert into pay.jentry(jtx_id, seq, account_id, amount) select :jtx, x.seq, x.acc, x.amt from (values (1, 1::bigint, 10000::bigint), (2, :seller, -9000), (3, 2, -1000)) x(seq, acc, amt);
select 1 / (case when sum(amount) = 0 then 1 else 0 end) from pay.jentry where jtx_id = :jtx;
insert into pay.outbox(topic, payload) values ('payment.captured', jsonb_build_object('paymentId', :id::bigint, 'amount', 10000, 'currency', 'EUR', 'seller', :seller::bigint));
commit;
