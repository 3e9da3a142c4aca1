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
	ReasonNotSeen:            {"本次未能看到该网站（原因在我方或证据不足）", "the site was not seen, for a reason of ours or for lack of evidence"},
	ReasonDown:               {"网站打不开，没有可供检查的页面", "the site is down, there is no page to check"},
	ReasonBlocked:            {"网站被接入商拦截，看不到它自己的页面", "the provider blocks the site, its own page cannot be seen"},
	ReasonChallenged:         {"网站的防火墙、验证码或登录墙拒绝了本次访问", "a firewall, a captcha or a log-in wall refused this visit"},
	ReasonNotFollowed:        {"页面会跳转到别处，跳转后的页面没有看到", "the page sends visitors on, and where they arrive was not seen"},
	ReasonNotConfirmed:       {"故障尚未经过多次复查确认", "the failure has not been confirmed by further looks"},
	ReasonShellListOther:     {"没有提供备案所在省的空壳清理名单", "no list of shells of the filing's province was given"},
	ReasonNoServerAddress:    {"清单没有公网的服务器 IP", "the inventory has no public address of the server"},
	ReasonNoShellList:        {"没有提供空壳清理名单", "no list of shells was given"},
	ReasonNotShop:            {"首页不是网上商店", "the home page is no shop's"},
	ReasonPageCut:            {"页面没有收全，页脚可能在未收到的部分", "the page was not received whole, its foot may be in the missing part"},
	ReasonTooDeep:            {"页面的元素树无法构建，不能复核", "the tree of the page cannot be built, so it was not read a second time"},
	ReasonPageDeep:           {"页面嵌套过深，无法完整解析", "the page is nested too deeply to be read whole"},
	ReasonCharset:            {"无法确定页面的字符编码", "the character encoding of the page cannot be told"},
	ReasonNotHTML:            {"首页返回的不是网页", "the home page is not a web page"},
	ReasonDrawnByScript:      {"页面（或页脚）由脚本生成，静态内容里看不到", "the page or its foot is drawn by script and not in what was received"},
	ReasonOnlyInScript:       {"备案号只在脚本里看到，要用浏览器打开页面才能确认访客是否看得到", "the number was found only in script; only a browser can confirm that visitors see it"},
	ReasonNotRendered:        {"没有用浏览器打开页面核实，脚本、样式或服务器对浏览器的不同应答都可能改变结论", "no browser opened the page to confirm it, and scripts, styles or another answer to browsers may change the verdict"},
	ReasonDrawnPart:          {"浏览器没有得到完整的页面，不能作为依据", "the browser did not get the whole of the page, so it proves nothing"},
	ReasonScriptFailed:       {"浏览器打开页面时有脚本、样式或数据没有加载成功，页面可能缺少内容", "a script, style sheet or data of the page could not be loaded in the browser, so the page may lack what visitors see"},
	ReasonDrawnLate:          {"浏览器没有在限定时间内打开完页面，下次检查时优先处理", "the browser was not done with the page in time; the next run draws it first"},
	ReasonFootNotSeen:        {"没有看到页脚（版权、地址、联系方式等），不能断定缺少备案号", "no foot of the page (copyright line, address, contact) was seen, so nothing can be said to be missing from it"},
	ReasonUnreadPart:         {"页脚有读不到文字的内容，可能就是编号（图片、指向备案系统的链接、备案字样、嵌入的部分、待替换的模板标记等），不能断定缺少", "something at the foot may be the number though no text says it (a picture, a link to the register, its label, an embedded part, a template's mark), so nothing can be said to be missing"},
	ReasonOthersNumber:       {"页面上只有看起来属于他人的备案号（友情链接、文章引用等）", "the only numbers on the page seem to be those of others (friend links, quotations)"},
	ReasonLicenceForm:        {"页面上只有许可证形式的编号（如 B2-、ICP证），无法断定它是否就是备案号", "the only number on the page has the form of a licence (B2-, ICP证), which may or may not be the filing number"},
	ReasonNumberNotKnown:     {"清单或登记库没有给出该域名的备案号，无从比对", "neither inventory nor register gives the filing number, so there is nothing to compare with"},
	ReasonNameNotKnown:       {"清单或登记库没有给出备案的名称，无从比对", "neither inventory nor register gives the filed name, so there is nothing to compare with"},
	ReasonNatureNotKnown:     {"清单或登记库没有给出主办单位性质", "neither inventory nor register gives the nature of the subject"},
	ReasonFilingUnknown:      {"不知道该域名是否已备案", "it is not known whether the domain is filed"},
	ReasonFilingOld:          {"“未备案”的结论查得太久，不再可信", "the register said \"not filed\" too long ago to rely on"},
	ReasonFilingContradicts:  {"登记信息自相矛盾：状态为未备案，却给出了备案号", "the register contradicts itself: not filed, yet a number is given"},
	ReasonDisagree:           {"登记库说未备案，页面上却有备案号，请先核对登记信息", "the register says not filed, the page shows a filing number: check the register first"},
	ReasonPlaceUnknown:       {"不知道服务器地址是否在中国内地", "it is not known whether the address is in mainland China"},
	ReasonSharedNetwork:      {"地址属于 CDN 或任播网络，无法断定服务器位置", "the address belongs to a CDN or anycast network, which does not tell where the server is"},
	ReasonProviderUnknown:    {"清单没有给出接入商，或没有该接入商的网段数据", "the inventory names no access provider, or none whose networks are known"},
	ReasonNoDocuments:        {"清单没有列出备案材料", "the inventory lists no documents"},
	ReasonDocumentsNotRead:   {"没有读取备案材料（用 --documents 指定材料所在目录），或读取受阻", "the documents were not read (name their folder with --documents), or we were stopped"},
	ReasonDocumentsElsewhere: {"清单列出的材料一个都不在材料目录里，请核对目录", "none of the documents listed is in the folder of documents: check the folder"},
	ReasonDocumentKind:       {"清单中有看不懂的材料名称，它可能就是所缺的材料", "a document in the list has a name that is not understood and may be the one that seems missing"},
	ReasonDocumentAbsent:     {"清单列出的材料文件不在材料目录里", "a document that is listed is not in the folder of documents"},
	ReasonDocumentUnread:     {"有材料无法查看（PDF、不支持的格式或像素过多）", "a document cannot be looked at (a PDF, a format that is not decoded, too many pixels)"},
	ReasonDocumentBorderline: {"有材料的清晰度、明暗或尺寸在两可之间，请人工查看", "a document's sharpness, light or size lies in between: have a person look at it"},
	ReasonNoHistory:          {"没有以往的检查记录，不知道问题存在了多久", "nothing is known of earlier runs, so it cannot be told how long anything has been so"},
	ReasonFile:               {"只检查了本地文件，未访问网站", "only a file was checked, no site was visited"},
	ReasonFiled:              {"该域名已备案", "the domain is filed"},
	ReasonNotFiled:           {"该域名没有有效备案，本规则不适用", "the domain has no filing in force, so the rule does not apply"},
	ReasonInReview:           {"备案正在审核中，本规则不适用", "the filing is under review, so the rule does not apply"},
	ReasonAbroad:             {"服务器在中国内地以外，且没有备案", "the server is outside mainland China and nothing is filed"},
	ReasonAway:               {"访问会跳转到其他域名，由“跳转到其他域名”规则说明", "visitors are sent to another domain, which filed-site-redirects-away speaks of"},
	ReasonPlaceholder:        {"网站只有默认页、建设中等占位页面，由“占位页面”规则说明", "the site is only a placeholder, which filed-site-placeholder speaks of"},
	ReasonJustApproved:       {"备案刚刚通过，数据同步期内不作判断", "the filing was approved just now; its data may still be on the way"},
	ReasonNotDue:             {"未到期限", "it is not due yet"},
	ReasonNoNumber:           {"页面上没有可供检查的编号", "the page shows no number to check"},
	ReasonJudgedFake:         {"页面上的编号不是真实备案号，由“虚假备案号”规则说明", "the number on the page cannot be a real one, which footer-number-fake speaks of"},
	ReasonJudgedHidden:       {"备案号存在但访客看不到，由“备案号不可见”规则说明", "there is a number, but visitors do not see it, which footer-number-hidden speaks of"},
	ReasonJudgedGames:        {"文化类内容只是网络游戏，由“网络游戏类”规则说明", "the cultural content is nothing but games, which preapproval-games speaks of"},
	ReasonForbidden:          {"内容属于禁止之列，由“禁止内容”规则判断；这类内容没有可办的前置审批", "the content is forbidden, which content-forbidden judges; no approval exists for it"},
	ReasonNotPersonal:        {"不是个人性质的备案", "the filing is not a personal one"},
	ReasonExpected:           {"与清单中声明的预期一致", "it is what the inventory expects"},
	ReasonLicence:            {"页面上已标明该类许可证号", "the page shows a licence of this kind"},
	ReasonApproval:           {"清单登记了该类前置审批", "the inventory lists an approval of this kind"},
	ReasonNotLooked:          {"只检查了清单，没有访问网站", "only the inventory was checked, the site was not visited"},
	ReasonProvinceNotKnown:   {"不知道备案省份或证件地址所在的省份，无从比对", "the filing's province or that of the papers is not known, so there is nothing to compare"},
	ReasonCustomNotKnown:     {"不知道该省对外省个人备案的要求", "what the province asks of persons of other provinces is not known"},
	ReasonCodeNotKnown:       {"清单没有统一社会信用代码，或填写的是其他证件的号码", "the inventory has no credit code, or the number of another certificate"},
	ReasonNoPhone:            {"清单没有给出联系电话", "the inventory gives no telephone number"},
	ReasonNoMobile:           {"清单没有给出手机号，或号码不完整", "the inventory gives no mobile number, or not the whole of it"},
	ReasonNoSegments:         {"没有手机号段数据（配置 phone-data），无法判断手机号的省份", "there are no data on mobile ranges (phone-data in the config), so a mobile's province cannot be told"},
	ReasonPhoneTellsNothing:  {"号码本身不能证明省份（400、95、虚拟运营商、物联网、未知号段等）", "the number proves no province (400, 95, a reseller's, a machine's, an unknown range)"},
	ReasonNotVerified:        {"清单没有可用的电话核验时间", "the inventory gives no usable date of verification"},
	ReasonOneLineOnly:        {"没有通读整份清单，不知道其他主体是否使用同一手机号", "the whole inventory was not read, so whether others have the mobile is not known"},
	ReasonPersonal:           {"主体是个人，本规则不适用", "the subject is a person, to whom the rule does not apply"},
	ReasonNotAsked:           {"该省不要求使用本省号码", "the province does not ask for local numbers"},
	ReasonPersonsMayFile:     {"该省允许外省个人备案", "persons of other provinces may file in this one"},
	ReasonPanicked:           {"规则程序出错，请报告此问题", "the rule itself failed; please report it"},

	// Registry and registrar.
	ReasonRegistrationNotKnown: {"清单没有给出，也没有查询 WHOIS/RDAP（加 --whois 查询）", "the inventory does not say, and neither WHOIS nor RDAP was asked (--whois does) or they do not tell"},
	ReasonRegistrationOld:      {"域名登记信息查询得太久，不再可信", "the registry was asked too long ago to rely on"},
	ReasonRegistryFailed:       {"域名登记处（WHOIS/RDAP）没有给出可用的应答", "the registry (WHOIS or RDAP) gave no usable answer"},
	ReasonNoRecord:             {"域名登记处没有该域名的记录", "the registry has no record of the domain"},
	ReasonHolderRedacted:       {"域名登记处隐藏了域名所有人", "the registry hides the holder's name"},
	ReasonHolderScript:         {"域名所有人与备案主体一个是中文、一个不是，无法比对", "of holder and subject one is written in Chinese and the other is not, so they cannot be compared"},
	ReasonHolderPerson:         {"域名所有人是个人，可能是法定代表人（该省可能允许）", "the holder is a person who may be the legal representative, which the province may allow"},
	ReasonRegistrarNotListed:   {"内置名单里没有该注册商，请在 domain.miit.gov.cn 核对", "the list does not tell whether the registrar is approved; look it up on domain.miit.gov.cn"},
	ReasonSuffixNotListed:      {"名单不能说明该后缀可否备案，请在 domain.miit.gov.cn 核对", "the list does not tell whether the suffix can be filed; look it up on domain.miit.gov.cn"},
	ReasonNoDomain:             {"这是 IP 地址，不是域名", "this is an address, not a domain"},
}

// Reasons returns every reason, in alphabetical order.
func Reasons() []Reason { return slices.Sorted(maps.Keys(reasonTexts)) }

// Text says the reason in words; for an unknown word, the word itself.
func (r Reason) Text() Text {
	if t, ok := reasonTexts[r]; ok {
		return t
	}
	return Text{string(r), string(r)}
}
