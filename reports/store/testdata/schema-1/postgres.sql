CREATE TABLE finding (
    run text NOT NULL COLLATE pg_catalog."C",
    domain text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    rule text NOT NULL COLLATE pg_catalog."C",
    severity text NOT NULL COLLATE pg_catalog."C",
    texts text NOT NULL COLLATE pg_catalog."C"
)
PARTITION BY LIST (run);
CREATE TABLE finding_20261122t020000_bbbb_a5ddca83 (
    run text NOT NULL COLLATE pg_catalog."C",
    domain text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    rule text NOT NULL COLLATE pg_catalog."C",
    severity text NOT NULL COLLATE pg_catalog."C",
    texts text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT finding_20261122t020000_bbbb_a5ddca83_run_check CHECK ((run = '20261122T020000-bbbb'::text))
);
CREATE TABLE finding_20261123t020000_cccc_6a3cfeda (
    run text NOT NULL COLLATE pg_catalog."C",
    domain text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    rule text NOT NULL COLLATE pg_catalog."C",
    severity text NOT NULL COLLATE pg_catalog."C",
    texts text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT finding_20261123t020000_cccc_6a3cfeda_run_check CHECK ((run = '20261123T020000-cccc'::text))
);
CREATE TABLE finding_rest (
    run text NOT NULL COLLATE pg_catalog."C",
    domain text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    rule text NOT NULL COLLATE pg_catalog."C",
    severity text NOT NULL COLLATE pg_catalog."C",
    texts text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE result (
    run text NOT NULL COLLATE pg_catalog."C",
    domain text NOT NULL COLLATE pg_catalog."C",
    line bigint NOT NULL,
    at bigint NOT NULL,
    owner text NOT NULL COLLATE pg_catalog."C",
    ruleset bigint NOT NULL,
    outcomes text NOT NULL COLLATE pg_catalog."C",
    reasons text NOT NULL COLLATE pg_catalog."C",
    liveness text NOT NULL COLLATE pg_catalog."C",
    cause text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    final_url text NOT NULL COLLATE pg_catalog."C",
    number text NOT NULL COLLATE pg_catalog."C",
    body_digest text NOT NULL COLLATE pg_catalog."C",
    inputs text NOT NULL COLLATE pg_catalog."C",
    evidence_file text NOT NULL COLLATE pg_catalog."C",
    evidence_offset bigint NOT NULL,
    record bytea NOT NULL
)
PARTITION BY LIST (run);
CREATE TABLE result_20261122t020000_bbbb_a5ddca83 (
    run text NOT NULL COLLATE pg_catalog."C",
    domain text NOT NULL COLLATE pg_catalog."C",
    line bigint NOT NULL,
    at bigint NOT NULL,
    owner text NOT NULL COLLATE pg_catalog."C",
    ruleset bigint NOT NULL,
    outcomes text NOT NULL COLLATE pg_catalog."C",
    reasons text NOT NULL COLLATE pg_catalog."C",
    liveness text NOT NULL COLLATE pg_catalog."C",
    cause text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    final_url text NOT NULL COLLATE pg_catalog."C",
    number text NOT NULL COLLATE pg_catalog."C",
    body_digest text NOT NULL COLLATE pg_catalog."C",
    inputs text NOT NULL COLLATE pg_catalog."C",
    evidence_file text NOT NULL COLLATE pg_catalog."C",
    evidence_offset bigint NOT NULL,
    record bytea NOT NULL,
    CONSTRAINT result_20261122t020000_bbbb_a5ddca83_run_check CHECK ((run = '20261122T020000-bbbb'::text))
);
CREATE TABLE result_20261123t020000_cccc_6a3cfeda (
    run text NOT NULL COLLATE pg_catalog."C",
    domain text NOT NULL COLLATE pg_catalog."C",
    line bigint NOT NULL,
    at bigint NOT NULL,
    owner text NOT NULL COLLATE pg_catalog."C",
    ruleset bigint NOT NULL,
    outcomes text NOT NULL COLLATE pg_catalog."C",
    reasons text NOT NULL COLLATE pg_catalog."C",
    liveness text NOT NULL COLLATE pg_catalog."C",
    cause text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    final_url text NOT NULL COLLATE pg_catalog."C",
    number text NOT NULL COLLATE pg_catalog."C",
    body_digest text NOT NULL COLLATE pg_catalog."C",
    inputs text NOT NULL COLLATE pg_catalog."C",
    evidence_file text NOT NULL COLLATE pg_catalog."C",
    evidence_offset bigint NOT NULL,
    record bytea NOT NULL,
    CONSTRAINT result_20261123t020000_cccc_6a3cfeda_run_check CHECK ((run = '20261123T020000-cccc'::text))
);
CREATE TABLE result_rest (
    run text NOT NULL COLLATE pg_catalog."C",
    domain text NOT NULL COLLATE pg_catalog."C",
    line bigint NOT NULL,
    at bigint NOT NULL,
    owner text NOT NULL COLLATE pg_catalog."C",
    ruleset bigint NOT NULL,
    outcomes text NOT NULL COLLATE pg_catalog."C",
    reasons text NOT NULL COLLATE pg_catalog."C",
    liveness text NOT NULL COLLATE pg_catalog."C",
    cause text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    final_url text NOT NULL COLLATE pg_catalog."C",
    number text NOT NULL COLLATE pg_catalog."C",
    body_digest text NOT NULL COLLATE pg_catalog."C",
    inputs text NOT NULL COLLATE pg_catalog."C",
    evidence_file text NOT NULL COLLATE pg_catalog."C",
    evidence_offset bigint NOT NULL,
    record bytea NOT NULL
);
CREATE TABLE ruleset (
    id bigint NOT NULL,
    version text NOT NULL COLLATE pg_catalog."C",
    rules text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE run (
    id text NOT NULL COLLATE pg_catalog."C",
    inventory text NOT NULL COLLATE pg_catalog."C",
    entry text NOT NULL COLLATE pg_catalog."C",
    tick bigint NOT NULL,
    started_at bigint NOT NULL,
    finished_at bigint NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    trouble text NOT NULL COLLATE pg_catalog."C",
    ruleset text NOT NULL COLLATE pg_catalog."C",
    vantage text NOT NULL COLLATE pg_catalog."C",
    lines bigint NOT NULL,
    rejected bigint NOT NULL,
    verdicts bigint NOT NULL,
    options text NOT NULL COLLATE pg_catalog."C",
    thinned bigint NOT NULL
);
CREATE TABLE store_version (
    id integer NOT NULL,
    version_id bigint NOT NULL,
    is_applied boolean NOT NULL,
    tstamp timestamp without time zone DEFAULT now() NOT NULL
);
ALTER TABLE store_version ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME store_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
ALTER TABLE ONLY finding ATTACH PARTITION finding_20261122t020000_bbbb_a5ddca83 FOR VALUES IN ('20261122T020000-bbbb');
ALTER TABLE ONLY finding ATTACH PARTITION finding_20261123t020000_cccc_6a3cfeda FOR VALUES IN ('20261123T020000-cccc');
ALTER TABLE ONLY finding ATTACH PARTITION finding_rest DEFAULT;
ALTER TABLE ONLY result ATTACH PARTITION result_20261122t020000_bbbb_a5ddca83 FOR VALUES IN ('20261122T020000-bbbb');
ALTER TABLE ONLY result ATTACH PARTITION result_20261123t020000_cccc_6a3cfeda FOR VALUES IN ('20261123T020000-cccc');
ALTER TABLE ONLY result ATTACH PARTITION result_rest DEFAULT;
INSERT INTO finding_20261122t020000_bbbb_a5ddca83 VALUES ('20261122T020000-bbbb', 'b.cn', 0, 'footer-rule-04', 'violation', '{"where":{"zh":"页脚","en":"footer"},"saw":{"zh":"“京 ICP 备 12345678 号－1” 没有链接","en":"“京 ICP 备 12345678 号－1” without a link"},"fix":{"zh":"把页脚中的备案号换成下面这段代码。","en":"Replace the number in the footer by the snippet below."},"snippet":"\u003ca href=\"https://beian.miit.gov.cn/\" target=\"_blank\" rel=\"noopener\"\u003e京ICP备12345678号-1\u003c/a\u003e","quotes":["引"]}');
INSERT INTO finding_20261122t020000_bbbb_a5ddca83 VALUES ('20261122T020000-bbbb', 'b.cn', 1, 'footer-rule-04', 'violation', '{"where":{"zh":"","en":""},"saw":{"zh":"二","en":"two"},"fix":{"zh":"","en":""},"snippet":"","quotes":null}');
INSERT INTO finding_20261122t020000_bbbb_a5ddca83 VALUES ('20261122T020000-bbbb', 'b.cn', 2, 'footer-rule-07', 'notice', '{"where":{"zh":"页脚","en":"footer"},"saw":{"zh":"“京 ICP 备 12345678 号－1” 没有链接","en":"“京 ICP 备 12345678 号－1” without a link"},"fix":{"zh":"把页脚中的备案号换成下面这段代码。","en":"Replace the number in the footer by the snippet below."},"snippet":"\u003ca href=\"https://beian.miit.gov.cn/\" target=\"_blank\" rel=\"noopener\"\u003e京ICP备12345678号-1\u003c/a\u003e","quotes":["引"]}');
INSERT INTO finding_20261122t020000_bbbb_a5ddca83 VALUES ('20261122T020000-bbbb', 'c.cn', 0, 'r0', 'violation', '{"where":{"zh":"","en":""},"saw":{"zh":"c.cn","en":"c.cn"},"fix":{"zh":"","en":""},"snippet":"","quotes":null}');
INSERT INTO finding_20261123t020000_cccc_6a3cfeda VALUES ('20261123T020000-cccc', 'a.cn', 0, 'footer-rule-04', 'violation', '{"where":{"zh":"页脚","en":"footer"},"saw":{"zh":"“京 ICP 备 12345678 号－1” 没有链接","en":"“京 ICP 备 12345678 号－1” without a link"},"fix":{"zh":"把页脚中的备案号换成下面这段代码。","en":"Replace the number in the footer by the snippet below."},"snippet":"\u003ca href=\"https://beian.miit.gov.cn/\" target=\"_blank\" rel=\"noopener\"\u003e京ICP备12345678号-1\u003c/a\u003e","quotes":["引"]}');
INSERT INTO finding_20261123t020000_cccc_6a3cfeda VALUES ('20261123T020000-cccc', 'a.cn', 1, 'footer-rule-04', 'violation', '{"where":{"zh":"","en":""},"saw":{"zh":"二","en":"two"},"fix":{"zh":"","en":""},"snippet":"","quotes":null}');
INSERT INTO finding_20261123t020000_cccc_6a3cfeda VALUES ('20261123T020000-cccc', 'a.cn', 2, 'footer-rule-07', 'notice', '{"where":{"zh":"页脚","en":"footer"},"saw":{"zh":"“京 ICP 备 12345678 号－1” 没有链接","en":"“京 ICP 备 12345678 号－1” without a link"},"fix":{"zh":"把页脚中的备案号换成下面这段代码。","en":"Replace the number in the footer by the snippet below."},"snippet":"\u003ca href=\"https://beian.miit.gov.cn/\" target=\"_blank\" rel=\"noopener\"\u003e京ICP备12345678号-1\u003c/a\u003e","quotes":["引"]}');
INSERT INTO finding_20261123t020000_cccc_6a3cfeda VALUES ('20261123T020000-cccc', 'b.cn', 0, 'footer-rule-04', 'violation', '{"where":{"zh":"页脚","en":"footer"},"saw":{"zh":"“京 ICP 备 12345678 号－1” 没有链接","en":"“京 ICP 备 12345678 号－1” without a link"},"fix":{"zh":"把页脚中的备案号换成下面这段代码。","en":"Replace the number in the footer by the snippet below."},"snippet":"\u003ca href=\"https://beian.miit.gov.cn/\" target=\"_blank\" rel=\"noopener\"\u003e京ICP备12345678号-1\u003c/a\u003e","quotes":["引"]}');
INSERT INTO finding_20261123t020000_cccc_6a3cfeda VALUES ('20261123T020000-cccc', 'b.cn', 1, 'footer-rule-04', 'violation', '{"where":{"zh":"","en":""},"saw":{"zh":"二","en":"two"},"fix":{"zh":"","en":""},"snippet":"","quotes":null}');
INSERT INTO finding_20261123t020000_cccc_6a3cfeda VALUES ('20261123T020000-cccc', 'b.cn', 2, 'footer-rule-07', 'notice', '{"where":{"zh":"页脚","en":"footer"},"saw":{"zh":"“京 ICP 备 12345678 号－1” 没有链接","en":"“京 ICP 备 12345678 号－1” without a link"},"fix":{"zh":"把页脚中的备案号换成下面这段代码。","en":"Replace the number in the footer by the snippet below."},"snippet":"\u003ca href=\"https://beian.miit.gov.cn/\" target=\"_blank\" rel=\"noopener\"\u003e京ICP备12345678号-1\u003c/a\u003e","quotes":["引"]}');
INSERT INTO finding_20261123t020000_cccc_6a3cfeda VALUES ('20261123T020000-cccc', 'c.cn', 0, 'r0', 'violation', '{"where":{"zh":"","en":""},"saw":{"zh":"c.cn","en":"c.cn"},"fix":{"zh":"","en":""},"snippet":"","quotes":null}');
INSERT INTO finding_rest VALUES ('20261121T020000-aaaa', 'a.cn', 0, 'footer-rule-04', 'violation', '{"where":{"zh":"页脚","en":"footer"},"saw":{"zh":"“京 ICP 备 12345678 号－1” 没有链接","en":"“京 ICP 备 12345678 号－1” without a link"},"fix":{"zh":"把页脚中的备案号换成下面这段代码。","en":"Replace the number in the footer by the snippet below."},"snippet":"\u003ca href=\"https://beian.miit.gov.cn/\" target=\"_blank\" rel=\"noopener\"\u003e京ICP备12345678号-1\u003c/a\u003e","quotes":["引"]}');
INSERT INTO finding_rest VALUES ('20261121T020000-aaaa', 'a.cn', 1, 'footer-rule-04', 'violation', '{"where":{"zh":"","en":""},"saw":{"zh":"二","en":"two"},"fix":{"zh":"","en":""},"snippet":"","quotes":null}');
INSERT INTO finding_rest VALUES ('20261121T020000-aaaa', 'a.cn', 2, 'footer-rule-07', 'notice', '{"where":{"zh":"页脚","en":"footer"},"saw":{"zh":"“京 ICP 备 12345678 号－1” 没有链接","en":"“京 ICP 备 12345678 号－1” without a link"},"fix":{"zh":"把页脚中的备案号换成下面这段代码。","en":"Replace the number in the footer by the snippet below."},"snippet":"\u003ca href=\"https://beian.miit.gov.cn/\" target=\"_blank\" rel=\"noopener\"\u003e京ICP备12345678号-1\u003c/a\u003e","quotes":["引"]}');
INSERT INTO result_20261122t020000_bbbb_a5ddca83 VALUES ('20261122T020000-bbbb', 'b.cn', 12, 1795370400000, '门户组', 4554774709864965352, '-..-V.-N?-..-..-..-..-..-..-..-..!', 'a..a..a.ba..a..a..a..a..a..a..a..c
filed
drawn-by-script
rule-panicked', 'serving', '', 'normal', 'https://www.b.cn/', '京ICP备12345678号-1', 'sha256:ab', 'in1', 'run-00001-ab.warc.gz', 345, '\x7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c2276223a22636e2d65617374222c226e223a322c2268223a5b7b2275726c223a22687474703a2f2f622e636e2f222c22737461747573223a3330312c2261646472657373223a223230332e302e3131332e37227d2c7b2275726c223a2268747470733a2f2f7777772e622e636e2f222c22737461747573223a3230302c2261646472657373223a223230332e302e3131332e37227d5d2c2273223a3230302c2261223a5b223230332e302e3131332e37225d2c226d223a747275652c2263223a2267623138303330222c2274223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb820e2809420e4b893e4b89ae6b0b4e6b3b5e588b6e980a0e59586222c2266223a7b22737461747573223a2266696c6564222c226e756d626572223a22e4baac494350e5a4873132333435363738e58fb72d31222c22736f75726365223a22696e76656e746f7279222c226174223a22323032362d31312d3031227d2c22696370223a5b7b226e756d626572223a22e4baac494350e5a4873132333435363738e58fb72d31222c22726177223a22e4baac2049435020e5a48720313233343536373820e58fb7efbc8d31222c22706c616365223a22666f6f746572222c226c696e6b223a22222c226c696e6b5f6b696e64223a226e6f6e65227d5d2c22706f6c223a5b7b226e756d626572223a22e4baace585ace7bd91e5ae89e5a4873131303130353032303330313433e58fb7222c226c696e6b223a2268747470733a2f2f626569616e2e6d70732e676f762e636e2f222c226c696e6b5f6b696e64223a2263757272656e74227d5d2c226c6963223a5b7b226b696e64223a2274656c65636f6d222c226e756d626572223a22e4baac42322d3230323031323334227d5d2c22696e64223a5b7b2263617465676f7279223a2266696e616e6365222c2273636f7265223a302e37312c2265766964656e6365223a5b22e59ca8e7babfe794b3e8afb7e5b08fe9a29de8b4b7e6acbe225d7d5d2c2264223a7b226c696e65223a31322c22676976656e223a224578616d706c652e434e222c227465616d223a22e5b882e59cbae983a8222c227375626a656374223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c22636f756e747279223a22434e222c22706c6163655f6b6e6f776e223a747275652c227265736f6c766572223a223132372e302e302e313a3533222c226c6f6f6b73223a5b7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c226c6976656e657373223a22646f776e222c226361757365223a2274696d656f7574222c22736572766572223a2261227d2c7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c226c6976656e657373223a2273657276696e67222c22736572766572223a2262227d5d7d7d');
INSERT INTO result_20261122t020000_bbbb_a5ddca83 VALUES ('20261122T020000-bbbb', 'c.cn', 0, 1795370400000, '', 4592702242186024166, 'V?', '', 'serving', '', '', '', '', '', '', '', 0, '\x7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c2266223a7b22737461747573223a22222c226e756d626572223a22222c22736f75726365223a22222c226174223a22227d2c2264223a7b7d7d');
INSERT INTO result_20261122t020000_bbbb_a5ddca83 VALUES ('20261122T020000-bbbb', 'a.cn', 0, 1795370400000, '', 4592702242186024166, '..', '', 'serving', '', '', '', '', '', '', '', 0, '\x7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c2266223a7b22737461747573223a22222c226e756d626572223a22222c22736f75726365223a22222c226174223a22227d2c2264223a7b7d7d');
INSERT INTO result_20261123t020000_cccc_6a3cfeda VALUES ('20261123T020000-cccc', 'a.cn', 12, 1795370400000, '门户组', 4554774709864965352, '-..-V.-N?-..-..-..-..-..-..-..-..!', 'a..a..a.ba..a..a..a..a..a..a..a..c
filed
drawn-by-script
rule-panicked', 'serving', '', 'normal', 'https://www.a.cn/', '京ICP备12345678号-1', 'sha256:ab', 'in1', 'run-00001-ab.warc.gz', 345, '\x7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c2276223a22636e2d65617374222c226e223a322c2268223a5b7b2275726c223a22687474703a2f2f612e636e2f222c22737461747573223a3330312c2261646472657373223a223230332e302e3131332e37227d2c7b2275726c223a2268747470733a2f2f7777772e612e636e2f222c22737461747573223a3230302c2261646472657373223a223230332e302e3131332e37227d5d2c2273223a3230302c2261223a5b223230332e302e3131332e37225d2c226d223a747275652c2263223a2267623138303330222c2274223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb820e2809420e4b893e4b89ae6b0b4e6b3b5e588b6e980a0e59586222c2266223a7b22737461747573223a2266696c6564222c226e756d626572223a22e4baac494350e5a4873132333435363738e58fb72d31222c22736f75726365223a22696e76656e746f7279222c226174223a22323032362d31312d3031227d2c22696370223a5b7b226e756d626572223a22e4baac494350e5a4873132333435363738e58fb72d31222c22726177223a22e4baac2049435020e5a48720313233343536373820e58fb7efbc8d31222c22706c616365223a22666f6f746572222c226c696e6b223a22222c226c696e6b5f6b696e64223a226e6f6e65227d5d2c22706f6c223a5b7b226e756d626572223a22e4baace585ace7bd91e5ae89e5a4873131303130353032303330313433e58fb7222c226c696e6b223a2268747470733a2f2f626569616e2e6d70732e676f762e636e2f222c226c696e6b5f6b696e64223a2263757272656e74227d5d2c226c6963223a5b7b226b696e64223a2274656c65636f6d222c226e756d626572223a22e4baac42322d3230323031323334227d5d2c22696e64223a5b7b2263617465676f7279223a2266696e616e6365222c2273636f7265223a302e37312c2265766964656e6365223a5b22e59ca8e7babfe794b3e8afb7e5b08fe9a29de8b4b7e6acbe225d7d5d2c2264223a7b226c696e65223a31322c22676976656e223a224578616d706c652e434e222c227465616d223a22e5b882e59cbae983a8222c227375626a656374223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c22636f756e747279223a22434e222c22706c6163655f6b6e6f776e223a747275652c227265736f6c766572223a223132372e302e302e313a3533222c226c6f6f6b73223a5b7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c226c6976656e657373223a22646f776e222c226361757365223a2274696d656f7574222c22736572766572223a2261227d2c7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c226c6976656e657373223a2273657276696e67222c22736572766572223a2262227d5d7d7d');
INSERT INTO result_20261123t020000_cccc_6a3cfeda VALUES ('20261123T020000-cccc', 'b.cn', 12, 1795370400000, '门户组', 4554774709864965352, '-..-V.-N?-..-..-..-..-..-..-..-..!', 'a..a..a.ba..a..a..a..a..a..a..a..c
filed
drawn-by-script
rule-panicked', 'serving', '', 'normal', 'https://www.b.cn/', '京ICP备12345678号-1', 'sha256:ab', 'in1', 'run-00001-ab.warc.gz', 345, '\x7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c2276223a22636e2d65617374222c226e223a322c2268223a5b7b2275726c223a22687474703a2f2f622e636e2f222c22737461747573223a3330312c2261646472657373223a223230332e302e3131332e37227d2c7b2275726c223a2268747470733a2f2f7777772e622e636e2f222c22737461747573223a3230302c2261646472657373223a223230332e302e3131332e37227d5d2c2273223a3230302c2261223a5b223230332e302e3131332e37225d2c226d223a747275652c2263223a2267623138303330222c2274223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb820e2809420e4b893e4b89ae6b0b4e6b3b5e588b6e980a0e59586222c2266223a7b22737461747573223a2266696c6564222c226e756d626572223a22e4baac494350e5a4873132333435363738e58fb72d31222c22736f75726365223a22696e76656e746f7279222c226174223a22323032362d31312d3031227d2c22696370223a5b7b226e756d626572223a22e4baac494350e5a4873132333435363738e58fb72d31222c22726177223a22e4baac2049435020e5a48720313233343536373820e58fb7efbc8d31222c22706c616365223a22666f6f746572222c226c696e6b223a22222c226c696e6b5f6b696e64223a226e6f6e65227d5d2c22706f6c223a5b7b226e756d626572223a22e4baace585ace7bd91e5ae89e5a4873131303130353032303330313433e58fb7222c226c696e6b223a2268747470733a2f2f626569616e2e6d70732e676f762e636e2f222c226c696e6b5f6b696e64223a2263757272656e74227d5d2c226c6963223a5b7b226b696e64223a2274656c65636f6d222c226e756d626572223a22e4baac42322d3230323031323334227d5d2c22696e64223a5b7b2263617465676f7279223a2266696e616e6365222c2273636f7265223a302e37312c2265766964656e6365223a5b22e59ca8e7babfe794b3e8afb7e5b08fe9a29de8b4b7e6acbe225d7d5d2c2264223a7b226c696e65223a31322c22676976656e223a224578616d706c652e434e222c227465616d223a22e5b882e59cbae983a8222c227375626a656374223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c22636f756e747279223a22434e222c22706c6163655f6b6e6f776e223a747275652c227265736f6c766572223a223132372e302e302e313a3533222c226c6f6f6b73223a5b7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c226c6976656e657373223a22646f776e222c226361757365223a2274696d656f7574222c22736572766572223a2261227d2c7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c226c6976656e657373223a2273657276696e67222c22736572766572223a2262227d5d7d7d');
INSERT INTO result_20261123t020000_cccc_6a3cfeda VALUES ('20261123T020000-cccc', 'c.cn', 0, 1795370400000, '', 4592702242186024166, 'V?', '', 'serving', '', '', '', '', '', '', '', 0, '\x7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c2266223a7b22737461747573223a22222c226e756d626572223a22222c22736f75726365223a22222c226174223a22227d2c2264223a7b7d7d');
INSERT INTO result_rest VALUES ('20261121T020000-aaaa', 'a.cn', 12, 1795370400000, '门户组', 4554774709864965352, '-..-V.-N?-..-..-..-..-..-..-..-..!', 'a..a..a.ba..a..a..a..a..a..a..a..c
filed
drawn-by-script
rule-panicked', 'serving', '', 'normal', 'https://www.a.cn/', '京ICP备12345678号-1', 'sha256:ab', 'in1', 'run-00001-ab.warc.gz', 345, '\x7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c2276223a22636e2d65617374222c226e223a322c2268223a5b7b2275726c223a22687474703a2f2f612e636e2f222c22737461747573223a3330312c2261646472657373223a223230332e302e3131332e37227d2c7b2275726c223a2268747470733a2f2f7777772e612e636e2f222c22737461747573223a3230302c2261646472657373223a223230332e302e3131332e37227d5d2c2273223a3230302c2261223a5b223230332e302e3131332e37225d2c226d223a747275652c2263223a2267623138303330222c2274223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb820e2809420e4b893e4b89ae6b0b4e6b3b5e588b6e980a0e59586222c2266223a7b22737461747573223a2266696c6564222c226e756d626572223a22e4baac494350e5a4873132333435363738e58fb72d31222c22736f75726365223a22696e76656e746f7279222c226174223a22323032362d31312d3031227d2c22696370223a5b7b226e756d626572223a22e4baac494350e5a4873132333435363738e58fb72d31222c22726177223a22e4baac2049435020e5a48720313233343536373820e58fb7efbc8d31222c22706c616365223a22666f6f746572222c226c696e6b223a22222c226c696e6b5f6b696e64223a226e6f6e65227d5d2c22706f6c223a5b7b226e756d626572223a22e4baace585ace7bd91e5ae89e5a4873131303130353032303330313433e58fb7222c226c696e6b223a2268747470733a2f2f626569616e2e6d70732e676f762e636e2f222c226c696e6b5f6b696e64223a2263757272656e74227d5d2c226c6963223a5b7b226b696e64223a2274656c65636f6d222c226e756d626572223a22e4baac42322d3230323031323334227d5d2c22696e64223a5b7b2263617465676f7279223a2266696e616e6365222c2273636f7265223a302e37312c2265766964656e6365223a5b22e59ca8e7babfe794b3e8afb7e5b08fe9a29de8b4b7e6acbe225d7d5d2c2264223a7b226c696e65223a31322c22676976656e223a224578616d706c652e434e222c227465616d223a22e5b882e59cbae983a8222c227375626a656374223a22e7a4bae4be8be7a791e68a80e69c89e99990e585ace58fb8222c22636f756e747279223a22434e222c22706c6163655f6b6e6f776e223a747275652c227265736f6c766572223a223132372e302e302e313a3533222c226c6f6f6b73223a5b7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c226c6976656e657373223a22646f776e222c226361757365223a2274696d656f7574222c22736572766572223a2261227d2c7b226174223a22323032362d31312d32335430323a30303a30302b30383a3030222c226c6976656e657373223a2273657276696e67222c22736572766572223a2262227d5d7d7d');
INSERT INTO ruleset VALUES (4554774709864965352, '2026.11.1', 'footer-rule-00
footer-rule-01
footer-rule-02
footer-rule-03
footer-rule-04
footer-rule-05
footer-rule-06
footer-rule-07
footer-rule-08
footer-rule-09
footer-rule-10
footer-rule-11
footer-rule-12
footer-rule-13
footer-rule-14
footer-rule-15
footer-rule-16
footer-rule-17
footer-rule-18
footer-rule-19
footer-rule-20
footer-rule-21
footer-rule-22
footer-rule-23
footer-rule-24
footer-rule-25
footer-rule-26
footer-rule-27
footer-rule-28
footer-rule-29
footer-rule-30
footer-rule-31
footer-rule-32
footer-rule-33');
INSERT INTO ruleset VALUES (4592702242186024166, 'v1', 'r0
r1');
INSERT INTO run VALUES ('20261122T020000-bbbb', 'all.csv', 'nightly', 1795284000000, 1795284000000, 0, 'done', '', '2026.11.1', '', 3, 0, 3, '{}', 0);
INSERT INTO run VALUES ('20261123T020000-cccc', 'all.csv', 'nightly', 1795370400000, 1795370400000, 0, 'active', '', '2026.11.1', '', 3, 0, 3, '{}', 0);
INSERT INTO run VALUES ('20261121T020000-aaaa', 'all.csv', 'nightly', 1795197600000, 1795197600000, 0, 'done', '', '2026.11.1', '', 3, 0, 3, '{}', 1);
INSERT INTO store_version VALUES (1, 0, true, '2026-11-25 14:55:31.450219');
INSERT INTO store_version VALUES (2, 1, true, '2026-11-25 14:55:31.456252');
SELECT pg_catalog.setval('store_version_id_seq', 2, true);
ALTER TABLE ONLY finding
    ADD CONSTRAINT finding_pkey PRIMARY KEY (run, domain, seq);
ALTER TABLE ONLY finding_20261122t020000_bbbb_a5ddca83
    ADD CONSTRAINT finding_20261122t020000_bbbb_a5ddca83_pkey PRIMARY KEY (run, domain, seq);
ALTER TABLE ONLY finding_20261123t020000_cccc_6a3cfeda
    ADD CONSTRAINT finding_20261123t020000_cccc_6a3cfeda_pkey PRIMARY KEY (run, domain, seq);
ALTER TABLE ONLY finding_rest
    ADD CONSTRAINT finding_rest_pkey PRIMARY KEY (run, domain, seq);
ALTER TABLE ONLY result
    ADD CONSTRAINT result_pkey PRIMARY KEY (run, domain);
ALTER TABLE ONLY result_20261122t020000_bbbb_a5ddca83
    ADD CONSTRAINT result_20261122t020000_bbbb_a5ddca83_pkey PRIMARY KEY (run, domain);
ALTER TABLE ONLY result_20261123t020000_cccc_6a3cfeda
    ADD CONSTRAINT result_20261123t020000_cccc_6a3cfeda_pkey PRIMARY KEY (run, domain);
ALTER TABLE ONLY result_rest
    ADD CONSTRAINT result_rest_pkey PRIMARY KEY (run, domain);
ALTER TABLE ONLY ruleset
    ADD CONSTRAINT ruleset_pkey PRIMARY KEY (id);
ALTER TABLE ONLY run
    ADD CONSTRAINT run_pkey PRIMARY KEY (id);
ALTER TABLE ONLY store_version
    ADD CONSTRAINT store_version_pkey PRIMARY KEY (id);
CREATE INDEX run_inventory ON run USING btree (inventory, id);
CREATE UNIQUE INDEX run_tick ON run USING btree (entry, tick) WHERE (entry <> ''::text);
ALTER INDEX finding_pkey ATTACH PARTITION finding_20261122t020000_bbbb_a5ddca83_pkey;
ALTER INDEX finding_pkey ATTACH PARTITION finding_20261123t020000_cccc_6a3cfeda_pkey;
ALTER INDEX finding_pkey ATTACH PARTITION finding_rest_pkey;
ALTER INDEX result_pkey ATTACH PARTITION result_20261122t020000_bbbb_a5ddca83_pkey;
ALTER INDEX result_pkey ATTACH PARTITION result_20261123t020000_cccc_6a3cfeda_pkey;
ALTER INDEX result_pkey ATTACH PARTITION result_rest_pkey;
