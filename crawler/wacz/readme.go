package wacz

// readme says to whoever opens the file what is in it.
const readme = `本文件是一次网站访问的证据，格式为 WACZ 1.1.1。
archive/               原始数据（WARC 1.1，ISO 28500）：每个响应的状态、响应头和内容，浏览器渲染后的页面，截图
indexes/, pages/       索引，供 ReplayWeb.page 等阅读程序使用
evidence/observation.json  每次 DNS 查询、每次请求、TLS 信息、失败原因及各自的时间
evidence/dns.txt       DNS 应答
evidence/tls/          服务器出示的证书链（PEM）
evidence/footer.jpg    渲染后的页脚截图（如有）
evidence/verdict.json  当时的结论
SHA256SUMS             各文件的 SHA-256：sha256sum -c SHA256SUMS
datapackage.json       全部文件的清单，含 SHA-256
datapackage-digest.json  对清单的签名（wacz-auth 0.1.0，ECDSA P-384），可含可信时间戳（RFC 3161）
核验：beianwatch evidence verify 文件.wacz

This file is evidence of one visit to a website, as WACZ 1.1.1.
archive/               the raw data (WARC 1.1, ISO 28500): status, header and body of every answer, the page as a browser rendered it, the picture
indexes/, pages/       the index, for readers such as ReplayWeb.page
evidence/observation.json  every DNS question, every request, TLS facts and failures, each with its time
evidence/dns.txt       the answers of DNS
evidence/tls/          the certificate chains that servers presented (PEM)
evidence/footer.jpg    the footer as rendered, if there is a picture
evidence/verdict.json  the verdict of the time
SHA256SUMS             the SHA-256 of each file: sha256sum -c SHA256SUMS
datapackage.json       the list of all files, with SHA-256
datapackage-digest.json  the signature of the list (wacz-auth 0.1.0, ECDSA P-384), with a trusted time stamp (RFC 3161) if there is one
To verify: beianwatch evidence verify FILE.wacz
`
