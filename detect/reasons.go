package detect

import (
	"maps"
	"slices"
)

// The reasons why an outcome is neither plainly pass nor found. They are part
// of the JSONL contract: a word is never given another meaning.
const (
	// Evidence is missing.
	ReasonNotSeen            Reason = "not-seen"
	ReasonDown               Reason = "down"
	ReasonBlocked            Reason = "blocked"
	ReasonChallenged         Reason = "challenged"
	ReasonNotFollowed        Reason = "not-followed"
	ReasonNotConfirmed       Reason = "not-confirmed"
	ReasonPageCut            Reason = "page-cut"
	ReasonPageDeep           Reason = "page-too-deep"
	ReasonTooDeep            Reason = "too-deep"
	ReasonCharset            Reason = "charset-unknown"
	ReasonNotHTML            Reason = "not-html"
	ReasonDrawnByScript      Reason = "drawn-by-script"
	ReasonOnlyInScript       Reason = "only-in-script"
	ReasonNotRendered        Reason = "not-rendered"
	ReasonDrawnPart          Reason = "rendering-incomplete"
	ReasonScriptFailed       Reason = "script-failed"
	ReasonScriptLink         Reason = "link-by-script"
	ReasonDrawnLate          Reason = "not-drawn-in-time"
	ReasonFootNotSeen        Reason = "foot-not-seen"
	ReasonUnreadPart         Reason = "unread-part"
	ReasonOthersNumber       Reason = "number-of-others"
	ReasonLicenceForm        Reason = "licence-form-number"
	ReasonNumberNotKnown     Reason = "filed-number-not-known"
	ReasonNameNotKnown       Reason = "filed-name-not-known"
	ReasonNatureNotKnown     Reason = "nature-not-known"
	ReasonFilingUnknown      Reason = "filing-unknown"
	ReasonFilingOld          Reason = "filing-status-too-old"
	ReasonFilingContradicts  Reason = "filing-contradicts-itself"
	ReasonDisagree           Reason = "register-and-page-disagree"
	ReasonPlaceUnknown       Reason = "place-unknown"
	ReasonSharedNetwork      Reason = "shared-network"
	ReasonProviderUnknown    Reason = "provider-unknown"
	ReasonNoDocuments        Reason = "documents-not-given"
	ReasonDocumentsNotRead   Reason = "documents-not-read"
	ReasonDocumentsElsewhere Reason = "documents-not-there"
	ReasonDocumentKind       Reason = "document-kind-not-understood"
	ReasonDocumentAbsent     Reason = "document-absent"
	ReasonDocumentUnread     Reason = "document-cannot-be-looked-at"
	ReasonDocumentBorderline Reason = "document-in-between"
	ReasonNoHistory          Reason = "no-history"

	// Registry and registrar.
	ReasonRegistrationNotKnown Reason = "registration-not-known"
	ReasonRegistrationOld      Reason = "registration-too-old"
	ReasonRegistryFailed       Reason = "registry-gave-no-answer"
	ReasonNoRecord             Reason = "registry-has-no-record"
	ReasonHolderRedacted       Reason = "holder-redacted"
	ReasonHolderScript         Reason = "holder-in-another-script"
	ReasonHolderPerson         Reason = "holder-may-be-representative"
	ReasonRegistrarNotListed   Reason = "registrar-not-listed"
	ReasonSuffixNotListed      Reason = "suffix-not-listed"
	ReasonShellListOther       Reason = "no-shell-list-of-the-province"

	// The rule does not apply.
	ReasonFile            Reason = "only-a-file"
	ReasonNoDomain        Reason = "an-address"
	ReasonFiled           Reason = "filed"
	ReasonNotFiled        Reason = "not-filed"
	ReasonInReview        Reason = "in-review"
	ReasonAbroad          Reason = "outside-mainland"
	ReasonAway            Reason = "redirects-away"
	ReasonPlaceholder     Reason = "placeholder"
	ReasonJustApproved    Reason = "just-approved"
	ReasonNotDue          Reason = "not-due-yet"
	ReasonNoNumber        Reason = "no-number-shown"
	ReasonJudgedFake      Reason = "judged-as-fake"
	ReasonJudgedHidden    Reason = "judged-as-hidden"
	ReasonJudgedGames     Reason = "judged-as-games"
	ReasonForbidden       Reason = "judged-as-forbidden"
	ReasonNotPersonal     Reason = "not-a-personal-filing"
	ReasonNoShellList     Reason = "no-shell-list"
	ReasonNoServerAddress Reason = "no-server-address"
	ReasonNotShop         Reason = "not-a-shop"

	// It passes in spite of what was seen.
	ReasonExpected Reason = "expected"
	ReasonLicence  Reason = "licence-shown"
	ReasonApproval Reason = "approval-held"

	ReasonPanicked Reason = "rule-panicked"
)

// The reasons of the rules about names, provinces and telephones.
const (
	ReasonNotLooked         Reason = "not-looked"
	ReasonProvinceNotKnown  Reason = "province-not-known"
	ReasonCustomNotKnown    Reason = "province-custom-not-known"
	ReasonCodeNotKnown      Reason = "credit-code-not-known"
	ReasonNoPhone           Reason = "phone-not-given"
	ReasonNoMobile          Reason = "mobile-not-given"
	ReasonNoSegments        Reason = "phone-data-missing"
	ReasonPhoneTellsNothing Reason = "phone-tells-no-province"
	ReasonNotVerified       Reason = "phone-verification-not-given"
	ReasonOneLineOnly       Reason = "one-line-only"
	ReasonPersonal          Reason = "a-personal-filing"
	ReasonNotAsked          Reason = "province-does-not-ask"
	ReasonPersonsMayFile    Reason = "persons-may-file-elsewhere"
)

// reasonTexts says each reason in a sentence part that can follow a colon.
var reasonTexts = map[Reason]Text{
	ReasonNotSeen:            {ZH: "本次未能看到该网站（原因在我方或证据不足）", EN: "the site was not seen, for a reason of ours or for lack of evidence"},
	ReasonDown:               {ZH: "网站打不开，没有可供检查的页面", EN: "the site is down, there is no page to check"},
	ReasonBlocked:            {ZH: "网站被接入商拦截，看不到它自己的页面", EN: "the provider blocks the site, its own page cannot be seen"},
	ReasonChallenged:         {ZH: "网站的防火墙、验证码或登录墙拒绝了本次访问", EN: "a firewall, a captcha or a log-in wall refused this visit"},
	ReasonNotFollowed:        {ZH: "页面会跳转到别处，跳转后的页面没有看到", EN: "the page sends visitors on, and where they arrive was not seen"},
	ReasonNotConfirmed:       {ZH: "故障尚未经过多次复查确认", EN: "the failure has not been confirmed by further looks"},
	ReasonShellListOther:     {ZH: "没有提供备案所在省的空壳清理名单", EN: "no list of shells of the filing's province was given"},
	ReasonNoServerAddress:    {ZH: "清单没有公网的服务器 IP", EN: "the inventory has no public address of the server"},
	ReasonNoShellList:        {ZH: "没有提供空壳清理名单", EN: "no list of shells was given"},
	ReasonNotShop:            {ZH: "首页不是网上商店", EN: "the home page is no shop's"},
	ReasonPageCut:            {ZH: "页面没有收全，页脚可能在未收到的部分", EN: "the page was not received whole, its foot may be in the missing part"},
	ReasonTooDeep:            {ZH: "页面的元素树无法构建，不能复核", EN: "the tree of the page cannot be built, so it was not read a second time"},
	ReasonPageDeep:           {ZH: "页面嵌套过深，无法完整解析", EN: "the page is nested too deeply to be read whole"},
	ReasonCharset:            {ZH: "无法确定页面的字符编码", EN: "the character encoding of the page cannot be told"},
	ReasonNotHTML:            {ZH: "首页返回的不是网页", EN: "the home page is not a web page"},
	ReasonDrawnByScript:      {ZH: "页面（或页脚）由脚本生成，静态内容里看不到", EN: "the page or its foot is drawn by script and not in what was received"},
	ReasonOnlyInScript:       {ZH: "备案号只在脚本里看到，要用浏览器打开页面才能确认访客是否看得到", EN: "the number was found only in script; only a browser can confirm that visitors see it"},
	ReasonNotRendered:        {ZH: "没有用浏览器打开页面核实，脚本、样式或服务器对浏览器的不同应答都可能改变结论", EN: "no browser opened the page to confirm it, and scripts, styles or another answer to browsers may change the verdict"},
	ReasonDrawnPart:          {ZH: "浏览器没有得到完整的页面，不能作为依据", EN: "the browser did not get the whole of the page, so it proves nothing"},
	ReasonScriptLink:         {ZH: "编号没有链接，但点击时可能由脚本打开备案系统或公安备案平台，浏览器未能排除；请改为普通的超链接", EN: "the number has no link, but a script may open its register at a click, which the browser could not rule out: an ordinary link would be sure"},
	ReasonScriptFailed:       {ZH: "浏览器打开页面时有脚本、样式或数据没有加载成功，页面可能缺少内容", EN: "a script, style sheet or data of the page could not be loaded in the browser, so the page may lack what visitors see"},
	ReasonDrawnLate:          {ZH: "浏览器没有在限定时间内打开完页面，下次检查时优先处理", EN: "the browser was not done with the page in time; the next run draws it first"},
	ReasonFootNotSeen:        {ZH: "没有看到页脚（版权、地址、联系方式等），不能断定缺少备案号", EN: "no foot of the page (copyright line, address, contact) was seen, so nothing can be said to be missing from it"},
	ReasonUnreadPart:         {ZH: "页脚有读不到文字的内容，可能就是编号（图片、指向备案系统的链接、备案字样、嵌入的部分、待替换的模板标记等），不能断定缺少", EN: "something at the foot may be the number though no text says it (a picture, a link to the register, its label, an embedded part, a template's mark), so nothing can be said to be missing"},
	ReasonOthersNumber:       {ZH: "页面上只有看起来属于他人的备案号（友情链接、文章引用等）", EN: "the only numbers on the page seem to be those of others (friend links, quotations)"},
	ReasonLicenceForm:        {ZH: "页面上只有许可证形式的编号（如 B2-、ICP证），无法断定它是否就是备案号", EN: "the only number on the page has the form of a licence (B2-, ICP证), which may or may not be the filing number"},
	ReasonNumberNotKnown:     {ZH: "清单或登记库没有给出该域名的备案号，无从比对", EN: "neither inventory nor register gives the filing number, so there is nothing to compare with"},
	ReasonNameNotKnown:       {ZH: "清单或登记库没有给出备案的名称，无从比对", EN: "neither inventory nor register gives the filed name, so there is nothing to compare with"},
	ReasonNatureNotKnown:     {ZH: "清单或登记库没有给出主办单位性质", EN: "neither inventory nor register gives the nature of the subject"},
	ReasonFilingUnknown:      {ZH: "不知道该域名是否已备案", EN: "it is not known whether the domain is filed"},
	ReasonFilingOld:          {ZH: "“未备案”的结论查得太久，不再可信", EN: "the register said \"not filed\" too long ago to rely on"},
	ReasonFilingContradicts:  {ZH: "登记信息自相矛盾：状态为未备案，却给出了备案号", EN: "the register contradicts itself: not filed, yet a number is given"},
	ReasonDisagree:           {ZH: "登记库说未备案，页面上却有备案号，请先核对登记信息", EN: "the register says not filed, the page shows a filing number: check the register first"},
	ReasonPlaceUnknown:       {ZH: "不知道服务器地址是否在中国内地", EN: "it is not known whether the address is in mainland China"},
	ReasonSharedNetwork:      {ZH: "地址属于 CDN 或任播网络，无法断定服务器位置", EN: "the address belongs to a CDN or anycast network, which does not tell where the server is"},
	ReasonProviderUnknown:    {ZH: "清单没有给出接入商，或没有该接入商的网段数据", EN: "the inventory names no access provider, or none whose networks are known"},
	ReasonNoDocuments:        {ZH: "清单没有列出备案材料", EN: "the inventory lists no documents"},
	ReasonDocumentsNotRead:   {ZH: "没有读取备案材料（用 --documents 指定材料所在目录），或读取受阻", EN: "the documents were not read (name their folder with --documents), or we were stopped"},
	ReasonDocumentsElsewhere: {ZH: "清单列出的材料一个都不在材料目录里，请核对目录", EN: "none of the documents listed is in the folder of documents: check the folder"},
	ReasonDocumentKind:       {ZH: "清单中有看不懂的材料名称，它可能就是所缺的材料", EN: "a document in the list has a name that is not understood and may be the one that seems missing"},
	ReasonDocumentAbsent:     {ZH: "清单列出的材料文件不在材料目录里", EN: "a document that is listed is not in the folder of documents"},
	ReasonDocumentUnread:     {ZH: "有材料无法查看（PDF、不支持的格式或像素过多）", EN: "a document cannot be looked at (a PDF, a format that is not decoded, too many pixels)"},
	ReasonDocumentBorderline: {ZH: "有材料的清晰度、明暗或尺寸在两可之间，请人工查看", EN: "a document's sharpness, light or size lies in between: have a person look at it"},
	ReasonNoHistory:          {ZH: "没有以往的检查记录，不知道问题存在了多久", EN: "nothing is known of earlier runs, so it cannot be told how long anything has been so"},
	ReasonFile:               {ZH: "只检查了本地文件，未访问网站", EN: "only a file was checked, no site was visited"},
	ReasonFiled:              {ZH: "该域名已备案", EN: "the domain is filed"},
	ReasonNotFiled:           {ZH: "该域名没有有效备案，本规则不适用", EN: "the domain has no filing in force, so the rule does not apply"},
	ReasonInReview:           {ZH: "备案正在审核中，本规则不适用", EN: "the filing is under review, so the rule does not apply"},
	ReasonAbroad:             {ZH: "服务器在中国内地以外，且没有备案", EN: "the server is outside mainland China and nothing is filed"},
	ReasonAway:               {ZH: "访问会跳转到其他域名，由“跳转到其他域名”规则说明", EN: "visitors are sent to another domain, which filed-site-redirects-away speaks of"},
	ReasonPlaceholder:        {ZH: "网站只有默认页、建设中等占位页面，由“占位页面”规则说明", EN: "the site is only a placeholder, which filed-site-placeholder speaks of"},
	ReasonJustApproved:       {ZH: "备案刚刚通过，数据同步期内不作判断", EN: "the filing was approved just now; its data may still be on the way"},
	ReasonNotDue:             {ZH: "未到期限", EN: "it is not due yet"},
	ReasonNoNumber:           {ZH: "页面上没有可供检查的编号", EN: "the page shows no number to check"},
	ReasonJudgedFake:         {ZH: "页面上的编号不是真实备案号，由“虚假备案号”规则说明", EN: "the number on the page cannot be a real one, which footer-number-fake speaks of"},
	ReasonJudgedHidden:       {ZH: "备案号存在但访客看不到，由“备案号不可见”规则说明", EN: "there is a number, but visitors do not see it, which footer-number-hidden speaks of"},
	ReasonJudgedGames:        {ZH: "文化类内容只是网络游戏，由“网络游戏类”规则说明", EN: "the cultural content is nothing but games, which preapproval-games speaks of"},
	ReasonForbidden:          {ZH: "内容属于禁止之列，由“禁止内容”规则判断；这类内容没有可办的前置审批", EN: "the content is forbidden, which content-forbidden judges; no approval exists for it"},
	ReasonNotPersonal:        {ZH: "不是个人性质的备案", EN: "the filing is not a personal one"},
	ReasonExpected:           {ZH: "与清单中声明的预期一致", EN: "it is what the inventory expects"},
	ReasonLicence:            {ZH: "页面上已标明该类许可证号", EN: "the page shows a licence of this kind"},
	ReasonApproval:           {ZH: "清单登记了该类前置审批", EN: "the inventory lists an approval of this kind"},
	ReasonNotLooked:          {ZH: "只检查了清单，没有访问网站", EN: "only the inventory was checked, the site was not visited"},
	ReasonProvinceNotKnown:   {ZH: "不知道备案省份或证件地址所在的省份，无从比对", EN: "the filing's province or that of the papers is not known, so there is nothing to compare"},
	ReasonCustomNotKnown:     {ZH: "不知道该省对外省个人备案的要求", EN: "what the province asks of persons of other provinces is not known"},
	ReasonCodeNotKnown:       {ZH: "清单没有统一社会信用代码，或填写的是其他证件的号码", EN: "the inventory has no credit code, or the number of another certificate"},
	ReasonNoPhone:            {ZH: "清单没有给出联系电话", EN: "the inventory gives no telephone number"},
	ReasonNoMobile:           {ZH: "清单没有给出手机号，或号码不完整", EN: "the inventory gives no mobile number, or not the whole of it"},
	ReasonNoSegments:         {ZH: "没有手机号段数据（配置 phone-data），无法判断手机号的省份", EN: "there are no data on mobile ranges (phone-data in the config), so a mobile's province cannot be told"},
	ReasonPhoneTellsNothing:  {ZH: "号码本身不能证明省份（400、95、虚拟运营商、物联网、未知号段等）", EN: "the number proves no province (400, 95, a reseller's, a machine's, an unknown range)"},
	ReasonNotVerified:        {ZH: "清单没有可用的电话核验时间", EN: "the inventory gives no usable date of verification"},
	ReasonOneLineOnly:        {ZH: "没有通读整份清单，不知道其他主体是否使用同一手机号", EN: "the whole inventory was not read, so whether others have the mobile is not known"},
	ReasonPersonal:           {ZH: "主体是个人，本规则不适用", EN: "the subject is a person, to whom the rule does not apply"},
	ReasonNotAsked:           {ZH: "该省不要求使用本省号码", EN: "the province does not ask for local numbers"},
	ReasonPersonsMayFile:     {ZH: "该省允许外省个人备案", EN: "persons of other provinces may file in this one"},
	ReasonPanicked:           {ZH: "规则程序出错，请报告此问题", EN: "the rule itself failed; please report it"},

	// Registry and registrar.
	ReasonRegistrationNotKnown: {ZH: "清单没有给出，也没有查询 WHOIS/RDAP（加 --whois 查询）", EN: "the inventory does not say, and neither WHOIS nor RDAP was asked (--whois does) or they do not tell"},
	ReasonRegistrationOld:      {ZH: "域名登记信息查询得太久，不再可信", EN: "the registry was asked too long ago to rely on"},
	ReasonRegistryFailed:       {ZH: "域名登记处（WHOIS/RDAP）没有给出可用的应答", EN: "the registry (WHOIS or RDAP) gave no usable answer"},
	ReasonNoRecord:             {ZH: "域名登记处没有该域名的记录", EN: "the registry has no record of the domain"},
	ReasonHolderRedacted:       {ZH: "域名登记处隐藏了域名所有人", EN: "the registry hides the holder's name"},
	ReasonHolderScript:         {ZH: "域名所有人与备案主体一个是中文、一个不是，无法比对", EN: "of holder and subject one is written in Chinese and the other is not, so they cannot be compared"},
	ReasonHolderPerson:         {ZH: "域名所有人是个人，可能是法定代表人（该省可能允许）", EN: "the holder is a person who may be the legal representative, which the province may allow"},
	ReasonRegistrarNotListed:   {ZH: "内置名单里没有该注册商，请在 domain.miit.gov.cn 核对", EN: "the list does not tell whether the registrar is approved; look it up on domain.miit.gov.cn"},
	ReasonSuffixNotListed:      {ZH: "名单不能说明该后缀可否备案，请在 domain.miit.gov.cn 核对", EN: "the list does not tell whether the suffix can be filed; look it up on domain.miit.gov.cn"},
	ReasonNoDomain:             {ZH: "这是 IP 地址，不是域名", EN: "this is an address, not a domain"},
}

// Reasons returns every reason, in alphabetical order.
func Reasons() []Reason { return slices.Sorted(maps.Keys(reasonTexts)) }

// Text says the reason in words; for an unknown word, the word itself.
func (r Reason) Text() Text {
	if t, ok := reasonTexts[r]; ok {
		return t
	}
	return Text{ZH: string(r), EN: string(r)}
}
