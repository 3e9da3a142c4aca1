package browser

// A wayOut is a page of a stranger that tries to reach its canary by one way. In its
// texts OUT stands for the canary's host:port, HOST for the host and PORT for the port;
// a page with several canaries is there once for each, in one document. go(f) runs f and
// lets nothing be known of its failure.
type wayOut struct {
	name    string
	page    string            // its body
	header  string            // fields of its answer, a line each
	files   map[string]string // what else its site has, by path: OUT is what is asked for after the "?"
	path    string            // where it begins, if not at "/"; "/to/302?URL" leads to the URL with this status
	secure  bool              // of a site with TLS: what it tries is for secure contexts alone
	issuer  bool              // who has issued its certificate, and revoked it, is to be asked for at the canary
	once    bool              // there once and not for each canary: it leaves its document, or names them itself
	home    bool              // its canary is at the loopback of this machine
	doors   bool              // it asks for no port: its canary is the one at 80 and 443
	barred  bool              // the browsers that we know do not go this way: it is here for the day that one does
	whole   bool              // nothing fails for it: its drawing is whole
	endless bool              // it comes to no end by itself
	alike   bool              // it is as the one before it but for one word, and no good page is drawn after it
}

// waysOut are the ways that a page has, by family.
var waysOut = []wayOut{
	// Scripts that ask.
	{name: "fetch", page: `<script>go(() => fetch('http://OUT/', {mode: 'no-cors', credentials: 'include'})); go(() => fetch('https://OUT/', {method: 'POST', mode: 'no-cors', body: 'x'}))</script>`},
	{name: "fetch with a preflight", page: `<script>go(() => fetch('http://OUT/', {method: 'PUT', headers: {'X-Inner': '1'}}))</script>`},
	{name: "fetch as a neighbour", page: `<script>for (const s of ['local', 'private', 'loopback']) for (const to of ['http', 'https']) go(() => fetch(to + '://OUT/', {mode: 'no-cors', targetAddressSpace: s}))</script>`, secure: true},
	{name: "fetch for advertisers", page: `<script>for (const o of [{browsingTopics: true}, {attributionReporting: {eventSourceEligible: true, triggerEligible: false}}, {sharedStorageWritable: true}, {adAuctionHeaders: true},
		{privateToken: {version: 1, operation: 'token-request'}}]) go(() => fetch('https://OUT/', {mode: 'no-cors', ...o}))</script>`, secure: true},
	{name: "fetch that outlives its page", page: `<script>for (const e of ['pagehide', 'visibilitychange', 'unload']) addEventListener(e, () => { go(() => fetch('http://OUT/' + e, {method: 'POST', mode: 'no-cors', keepalive: true, body: 'x'})); go(() => navigator.sendBeacon('http://OUT/' + e, 'x')) }); onload = () => setTimeout(() => { location = '/x' })</script>`},
	{name: "fetch that is put off", page: `<script>go(() => fetchLater('https://OUT/', {activateAfter: 0})); go(() => fetchLater('https://OUT/end'))</script>`, secure: true},
	{name: "XMLHttpRequest", page: `<script>for (const waits of [true, false]) go(() => { const x = new XMLHttpRequest(); x.open('POST', 'http://OUT/', waits); x.send('x') })</script>`},
	{name: "WebSocket", page: `<script>go(() => { new WebSocket('ws://OUT/', ['inner']) }); go(() => { new WebSocket('wss://OUT/') }); go(() => new WebSocketStream('ws://OUT/').opened)</script>`},
	{name: "WebTransport", page: `<script>go(() => new WebTransport('https://OUT/').ready); go(() => new WebTransport('https://OUT/', {serverCertificateHashes: [{algorithm: 'sha-256', value: new Uint8Array(32)}]}).ready)</script>`, secure: true},
	{name: "event stream", page: `<script>go(() => { new EventSource('http://OUT/', {withCredentials: true}) })</script>`},
	{name: "beacon", page: `<script>go(() => navigator.sendBeacon('http://OUT/', new Blob(['x'], {type: 'text/plain'})))</script>`},
	{name: "cache", page: `<script>go(async () => { const c = await caches.open('c'); await c.addAll(['https://OUT/']) })</script>`, secure: true},
	{name: "WebAssembly", page: `<script>go(() => WebAssembly.compileStreaming(fetch('http://OUT/a.wasm')))</script>`},
	{name: "raw sockets", barred: true, page: `<script>go(() => new TCPSocket('HOST', PORT).opened); go(() => new UDPSocket({remoteAddress: 'HOST', remotePort: PORT}).opened); go(() => navigator.openTCPSocket({remoteAddress: 'HOST', remotePort: PORT}))</script>`, secure: true},
	{name: "other schemes", barred: true, page: `<iframe src="ftp://OUT/"></iframe><iframe src="view-source:http://OUT/"></iframe><iframe src="filesystem:http://OUT/temporary/x"></iframe><iframe src="intent://OUT/#Intent;scheme=http;end"></iframe><a href="mailto:a@OUT">a</a>
		<script>for (const a of document.links) a.click(); for (const s of ['ftp', 'gopher', 'ws', 'tftp', 'ldap', 'smb', 'dict', 'isolated-app', 'chrome-extension', 'feed']) { go(() => fetch(s + '://OUT/', {mode: 'no-cors'})); go(() => { const i = document.createElement('iframe'); i.src = s + '://OUT/'; document.body.append(i) }) }</script>`},

	// Elements.
	{name: "pictures", page: `<img src="http://OUT/1"><img srcset="http://OUT/2 1x, http://OUT/3 2x"><picture><source srcset="http://OUT/4"><img></picture><img loading=lazy crossorigin src="http://OUT/5"><input type=image src="http://OUT/6"><table background="http://OUT/7"><tr><td background="http://OUT/8">a</table>
		<img attributionsrc="http://OUT/9" src="data:,"><script>go(() => { const i = new Image(); i.src = 'http://OUT/10'; return i.decode() }); document.body.background = 'http://OUT/11'</script>`},
	{name: "scripts", page: `<script src="http://OUT/1"></script><script type=module src="http://OUT/2"></script><script async defer crossorigin=use-credentials src="http://OUT/3"></script><script type=module>import 'http://OUT/4'</script><script type=module>import 'http://OUT/5' with {type: 'json'}</script>
		<script type=module>import 'http://OUT/6' with {type: 'css'}</script><script>go(() => import('http://OUT/7'))</script><script type=importmap>{"imports": {"inner": "http://OUT/8"}}</script><script type=module>import 'inner'</script>`},
	{name: "style sheets", page: `<link rel=stylesheet href="http://OUT/1"><link rel="alternate stylesheet" title=a href="http://OUT/2"><link rel=stylesheet media=print href="http://OUT/3"><style>@import "http://OUT/4"; @import url(http://OUT/5) layer(a) supports(display: grid);</style><link rel=stylesheet href="/a.css?OUT">
		<script>go(() => { const s = document.createElement('link'); s.rel = 'stylesheet'; s.href = 'http://OUT/6'; document.head.append(s) })</script>`, files: map[string]string{"/a.css": `@import url("http://OUT/7"); body { background: url(//OUT/8) }`}},
	{name: "fonts", page: `<style>@font-face { font-family: f; src: url(http://OUT/1) } p, i { font-family: f }</style><i>青禾</i><script>go(() => new FontFace('g', 'url(http://OUT/2)').load()); go(() => document.fonts.load('9px f'))</script>`},
	{name: "style addresses", page: `<div><template shadowrootmode=open><style>i { display: block; width: 9px; height: 9px; background: url(http://OUT/1), image-set(url(http://OUT/2) 1x), -webkit-image-set(url(http://OUT/3) 1x), -webkit-cross-fade(url(http://OUT/4), url(http://OUT/5), 50%); cursor: url(http://OUT/6), auto;
		border-image: url(http://OUT/7); list-style: url(http://OUT/8); mask: url(http://OUT/9#m); filter: url(http://OUT/10#f); clip-path: url(http://OUT/11#c); shape-outside: url(http://OUT/12); float: left; offset-path: url(http://OUT/13#p) } i::before { content: url(http://OUT/14) } @media print { i { background: url(http://OUT/15) } }</style><i>a</i></template></div><script>go(print)</script>`},
	{name: "media", page: `<video autoplay muted src="http://OUT/1" poster="http://OUT/2"></video><audio autoplay><source src="http://OUT/3"></audio><video><source src="/a.mp4"><track default kind=captions src="http://OUT/4"></video><script>go(() => new Audio('http://OUT/5').play())</script>`},
	{name: "objects", page: `<object data="http://OUT/1"></object><object type="text/html" data="http://OUT/2"></object><embed src="http://OUT/3"><embed type="application/pdf" src="http://OUT/4"><object type="image/svg+xml" data="http://OUT/5"></object><embed type="application/pdf" src="/a.pdf?OUT">`,
		files: map[string]string{"/a.pdf": "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/URI/URI(http://OUT/6)>>/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(this.submitForm('http://OUT/7'))>>]>>>>>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\ntrailer<</Root 1 0 R>>\n"}},
	{name: "frames", page: `<iframe src="http://OUT/1"></iframe><iframe loading=lazy src="http://OUT/2"></iframe><iframe srcdoc="<iframe src='http://OUT/3'></iframe><script src='http://OUT/4'></script>"></iframe><iframe srcdoc="<iframe srcdoc=&quot;<iframe src='http://OUT/5'></iframe>&quot;></iframe>"></iframe><iframe credentialless sandbox src="http://OUT/6"></iframe><iframe csp="default-src *" src="http://OUT/7"></iframe>
		<iframe src="/f.html?OUT"></iframe>`, files: map[string]string{"/f.html": `<frameset cols="*,*"><frame src="http://OUT/8"><frame src="http://OUT/9"></frameset>`}},
	{name: "fenced frames", barred: true, page: `<script>for (const n of ['fencedframe', 'portal', 'controlledframe', 'webview', 'model']) go(() => { const f = document.createElement(n); f.src = 'https://OUT/' + n; if (self.FencedFrameConfig) f.config = new FencedFrameConfig('https://OUT/config'); document.body.append(f); f.activate && f.activate() })</script>`, secure: true},
	{name: "SVG", page: `<svg><image href="http://OUT/1"/><use href="http://OUT/2#a"/><filter id=f><feImage href="http://OUT/3"/></filter><rect width=9 height=9 filter="url(#f)"/><script href="http://OUT/4"></script><style>@import "http://OUT/5";</style><foreignObject><iframe src="http://OUT/6"></iframe></foreignObject><image><set attributeName=href to="http://OUT/7"/></image></svg>
		<iframe src="/a.svg?OUT"></iframe><object data="/a.svg?OUT"></object>`, files: map[string]string{"/a.svg": `<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink"><image x:href="http://OUT/8"/><script x:href="http://OUT/9"/><script>fetch('http://OUT/10', {mode: 'no-cors'})</script></svg>`}},
	{name: "MathML", page: `<math id=m href="http://OUT/1" target=x><mi href="http://OUT/2">a</mi><mglyph src="http://OUT/3"/><semantics><annotation-xml encoding="text/html" src="http://OUT/4"><iframe src="http://OUT/5"></iframe></annotation-xml></semantics></math><script>for (const e of document.querySelectorAll('math, mi')) e.dispatchEvent(new MouseEvent('click', {bubbles: true}))</script>`},
	{name: "XML", page: `<iframe src="/a.xml?OUT"></iframe><iframe src="/b.xml?OUT"></iframe><iframe src="/c.xml?OUT"></iframe>`, files: map[string]string{
		"/a.xml": `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="/a.xsl?OUT"?><?xml-stylesheet type="text/css" href="http://OUT/1"?><a/>`,
		"/b.xml": `<?xml version="1.0"?><!DOCTYPE html SYSTEM "http://OUT/2" [<!ENTITY % e SYSTEM "http://OUT/3"> %e; <!ENTITY i SYSTEM "http://OUT/4">]><html xmlns="http://www.w3.org/1999/xhtml" xmlns:i="http://www.w3.org/2001/XInclude"><body>&i;<i:include href="http://OUT/5"/></body></html>`,
		"/c.xml": `<?xml version="1.0"?><?xml-stylesheet type="text/css" href="http://OUT/6"?><html xmlns="http://www.w3.org/1999/xhtml"><script src="http://OUT/7"/></html>`,
		"/a.xsl": `<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:import href="http://OUT/8"/><xsl:include href="http://OUT/9"/><xsl:template match="/"><html><xsl:copy-of select="document('http://OUT/10')"/><script src="http://OUT/11"/></html></xsl:template></xsl:stylesheet>`}},
	{name: "base", page: `<base href="http://OUT/" target=x><script src="a.js"></script><iframe src="b"></iframe><link rel=stylesheet href=c.css><script>go(() => fetch('d', {mode: 'no-cors'}))</script>`, once: true},
	{name: "more than one document", page: `<iframe src="/a.mht?OUT"></iframe><iframe src="/a.mix?OUT"></iframe><script type=webbundle>{"source": "http://OUT/a.wbn", "resources": ["http://OUT/1"]}</script>`, files: map[string]string{
		"/a.mht": "MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\nContent-Location: http://OUT/2\r\n\r\n<img src=\"http://OUT/3\"><iframe src=\"http://OUT/4\"></iframe>\r\n--b--\r\n",
		"/a.mix": "--b\r\nContent-Type: text/html\r\n\r\n<p>a\r\n--b\r\nContent-Type: text/html\r\n\r\n<script src=\"http://OUT/5\"></script>\r\n--b--\r\n"}},

	// Forms.
	{name: "form by GET", page: `<form id=f action="http://OUT/"><input name=a value=b></form><script>f.requestSubmit()</script>`, once: true},
	{name: "form by POST", page: `<form id=f method=post enctype=multipart/form-data action="http://OUT/"><input name=a value=b></form><script>f.submit()</script>`, once: true},
	{name: "forms into other windows", page: `<iframe name="OUT"></iframe><form method=post action="http://OUT/1" target="OUT"></form><form method=post action="http://OUT/2" target=_blank></form><form><button formaction="http://OUT/3" formmethod=post formtarget="OUT"></button></form><form target="OUT"><input type=image formaction="http://OUT/4"></form>
		<script>for (const f of document.querySelectorAll('form[action]')) go(() => f.submit()); for (const b of document.querySelectorAll('button, input')) b.click()</script>`},
	{name: "form in a sandbox", page: `<iframe sandbox="allow-forms allow-scripts allow-popups allow-top-navigation" srcdoc="<form id=f target=_top method=post action='http://OUT/'></form><script>f.submit()</script>"></iframe>`, once: true},

	// Hints.
	{name: "connect before", barred: true, page: `<p><link rel=preconnect href="http://OUT"><link rel=preconnect crossorigin href="https://OUT"><link rel=dns-prefetch href="http://OUT"><script>for (const r of ['preconnect', 'dns-prefetch preconnect']) { const l = document.createElement('link'); l.rel = r; l.href = 'https://OUT/'; document.head.append(l) }</script>`},
	{name: "prefetch", page: `<link rel=prefetch href="http://OUT/1"><link rel=prefetch as=document href="http://OUT/2"><link rel=prerender href="http://OUT/3"><link rel=next href="http://OUT/4"><link rel=subresource href="http://OUT/5">`},
	{name: "preload", page: `<script>for (const as of ['script', 'style', 'font', 'image', 'fetch', 'track', 'video', 'document', 'worker', 'json']) { const l = document.createElement('link'); l.rel = 'preload'; l.as = as; l.href = 'http://OUT/' + as; document.head.append(l) }</script><link rel=modulepreload href="http://OUT/1"><link rel=modulepreload as=worker href="http://OUT/2"><link rel=preload as=image imagesrcset="http://OUT/3 1x">`},
	{name: "links for the browser", page: `<script>for (const r of ['manifest', 'icon', 'shortcut icon', 'apple-touch-icon', 'mask-icon', 'search', 'pingback', 'payment-method-manifest', 'monetization', 'facilitated-payment', 'compression-dictionary', 'dictionary', 'expect', 'privacy-policy', 'import', 'webmention', 'amphtml', 'canonical', 'alternate', 'author'])
		{ const l = document.createElement('link'); l.rel = r; l.href = 'https://OUT/' + r; document.head.append(l) }</script>`, secure: true},
	{name: "a manifest of its own", barred: true, page: `<link rel=manifest href="/a.json?OUT"><link rel=icon href="/to/302?https://OUT/1">`, files: map[string]string{"/a.json": `{"start_url": "/", "icons": [{"src": "https://OUT/2", "sizes": "512x512"}], "related_applications": [{"platform": "webapp", "url": "https://OUT/3"}], "scope_extensions": [{"origin": "https://OUT"}]}`}, secure: true},
	{name: "speculation", page: `<script type=speculationrules>{"prefetch": [{"urls": ["https://OUT/1"], "eagerness": "immediate"}], "prerender": [{"urls": ["https://OUT/2"], "eagerness": "immediate"}], "prerender_until_script": [{"urls": ["https://OUT/3"]}]}</script>`, secure: true},
	{name: "speculation over links", page: `<a href="https://OUT/1">a</a><script type=speculationrules>{"prefetch": [{"source": "document", "eagerness": "immediate"}], "prerender": [{"source": "document", "eagerness": "moderate"}]}</script>
		<script>for (const a of document.links) for (const e of ['pointerover', 'pointerdown', 'mousedown', 'mouseover']) a.dispatchEvent(new PointerEvent(e, {bubbles: true}))</script>`, secure: true},
	{name: "speculation by a header", page: ``, header: `Speculation-Rules: "/rules.json?OUT"`, files: map[string]string{"/rules.json": `{"prefetch": [{"urls": ["https://OUT/1"], "eagerness": "immediate"}], "prerender": [{"urls": ["https://OUT/2"], "eagerness": "immediate"}]}`}, secure: true},
	{name: "hints by headers", page: `<p>a`, header: "Link: <https://OUT>; rel=preconnect\nLink: <https://OUT/1>; rel=preload; as=script\nLink: <https://OUT/2>; rel=modulepreload\nLink: <https://OUT/3>; rel=stylesheet\nLink: <https://OUT/4>; rel=prefetch\nLink: <https://OUT/5>; rel=dns-prefetch\nX-DNS-Prefetch-Control: on", secure: true},
	{name: "early hints", once: true, page: `<p>a`, header: "103 Link: <https://OUT>; rel=preconnect, <https://OUT/1>; rel=preload; as=script", secure: true},
	{name: "ping", page: `<a id=a href="#x" ping="http://OUT/1 http://OUT/2">a</a><map name=m><area href="#y" ping="http://OUT/3"></map><script>for (const l of document.links) l.click()</script>`},
	{name: "downloads", once: true, page: `<a download href="http://OUT/1">a</a><a download href="/to/302?http://OUT/2">b</a><iframe src="/a.bin?OUT"></iframe><script>for (const a of document.links) a.click(); go(() => { const a = document.createElement('a'); a.download = 'b.html'; a.href = URL.createObjectURL(new Blob(['<img src="http://OUT/3">'], {type: 'text/html'})); a.click() }); go(() => showSaveFilePicker())</script>`,
		files: map[string]string{"/a.bin": "x"}},
}
