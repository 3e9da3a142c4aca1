package kind

import "regexp"

// The words by which pages say what state they are in, by form: what is meant
// and what has become of it, in the many ways that people put it. The text is
// folded.

// leadsBack is a link of an error page.
var leadsBack = expr(`^\W*(?:点击|请|点此|立即)?(?:返回|回到|回|去|前往|转到)(?:网站|本站|官网)?(?:首页|主页|上一?页|上一级|大厅)|back (?:to )?(?:the )?(?:home|previous|main)|go (?:back|home)|return (?:to )?(?:the )?home|take me home|^home ?page$`)

const (
	thing = `(?:页面|网页|网址|地址|链接|内容|文章|资源|文件|网站|站点|东西|栏目|商品|数据|路径|帖子|主题|页)`
	gone  = `(?:不存在|找不到|未找到|没找到|没有找到|无法找到|找不着|不见了|丢了|丢失|走丢|走失|迷路|迷失|失踪|失联|消失|跑丢|跑路|飞走|被(?:吃|删|外星|移除|移动|偷|风吹|绑架)|(?:已经)?去(?:了)?[^,.]{0,6}(?:避暑|旅行|旅游|火星|度假|玩耍|流浪|远方)|已?被?(?:删除|移除)|无法(?:访问|显示|打开|加载)|打不开|离家出走|逃跑|出走)`
	site  = `(?:网站|网页|官网|本站|站点|系统|平台|页面|服务器|商城|主页|首页|小站|博客|本店|该站|此站|本系统)`
	work  = `(?:维护|升级|改版|建设|调整|搬家|迁移|装修|施工|整改|重构|筹备|备案|更新|修复|抢修)`
)

func expr(s string) *regexp.Regexp { return regexp.MustCompile(`(?i)` + s) }

func exprs(list ...string) []*regexp.Regexp {
	var all []*regexp.Regexp
	for _, s := range list {
		all = append(all, expr(s))
	}
	return all
}

// refusedFiling are pages that say that a name is not filed; they are looked for
// before the fingerprints, whose firewalls have pages of the same titles.
var refusedFiling = []state{{
	kind: Block, name: "block-said", must: true,
	says: exprs(
		`(?:网站|域名|站点|主机|IP)[^?]{0,10}(?:(?:未|没有|没)(?:完成|进行|办理|取得|通过|接入|转入|申请|做)?[^?]{0,6}备案|不符合备案|无(?:有效)?备案)`,
		`(?:网站|域名|该站)[^?]{0,8}备案(?:号|信息)?(?:已|被|已被|已经被?)(?:注销|失效|取消|吊销|撤销)`,
		`^备案(?:号)?(?:已|被|已被)(?:注销|取消|吊销)`,
		`^无备案信息`,
		`(?:域名|网站)[^?]{0,6}备案(?:状态|信息)[^?]{0,6}(?:不符|异常|不存在|有误|不一致)`,
	),
	with: expr(`(?:无法|禁止|停止|不能|不允许|暂停|限制|拒绝|方可|以后再|后再|恢复|关闭|被阻断|被拦截|封禁)[^,]{0,6}(?:访问|服务|打开|浏览|网站)?|联系[^,]{0,8}(?:接入商|服务商|提供商|空间商|主机商|管理员|网站负责人)`),
}}

// ownStates are the kinds that a page may state, in order of precedence.
var ownStates = []state{
	{
		kind: UnderConstruction, name: "maintenance-said",
		says: exprs(
			site+`[^?,]{0,12}(?:正在|处于|进行|例行|紧急|暂时|临时|停机)[^?,]{0,8}`+work,
			site+`[^?,]{0,8}`+work+`(?:升级|改版|调整)?(?:中(?:[^心国的]|$)|期间)`,
			`^(?:正在|例行|停机|临时|紧急)?`+work+`(?:升级|维护|改版)?中(?:[^心国的]|$)`,
			`^(?:系统|网站|平台|服务器|停机)(?:维护|升级)(?:升级|维护)?(?:公告|通知|提示)$|^停机(?:维护|升级)$`,
			`^正在[^?,]{0,6}(?:维护|升级|改版|搬家|迁移)`,
			`备案[^?,]{0,4}(?:审核|审查|办理|整改|变更|申请|处理)(?:中|期间|阶段|过程)`,
			`(?:正在|等待|配合)[^?,]{0,6}(?:备案|管局审核)`,
			`因[^?]{0,8}备案[^?]{0,12}(?:关闭|暂停|停止|无法)`,
			`(?:under(?:going)?|scheduled|performing|down for|system|site|routine|website)[^?]{0,24}(?:maintenance|construction)`,
			`^(?:maintenance|maintenance mode|(?:coming|launching|opening) soon)\W*$`,
			`(?:will )?be (?:right )?back (?:soon|shortly|online)`,
			`(?:site|website|page|we)\b[^?]{0,20}temporarily (?:closed|unavailable|offline|down)`,
		),
		with: expr(`稍[后候]|敬请期待|带来(?:的)?不便|给您带来|谅解|耐心等待|即将(?:上线|开放|恢复|回来)|预计|恢复访问|apologi[sz]e|inconvenience|patience|check back|stay tuned`),
	},
	{
		// The name of a service that others sell as well.
		kind: UnderConstruction, name: "maintenance-named", must: true,
		says: exprs(`^(?:系统|网站|平台|服务器)(?:维护|升级)(?:升级|维护)?$`),
		with: expr(`稍[后候]|带来(?:的)?不便|给您带来|谅解|耐心等待|预计[^,]{0,12}(?:恢复|完成|结束|开放)|恢复访问`),
	},
	{
		kind: Suspended, name: "closed-said",
		says: exprs(
			`(?:网站|本站|站点|平台|小站|博客|网页)(?:已经|已|现已|现|暂时|临时|永久|正式|暂|被|因[^,?]{0,12}){1,3}(?:关闭|关停|停用|停止(?:运营|服务|访问)|下线|停服|关站|暂停(?:服务|访问|运营|使用)|到期|过期|欠费)`,
			`^(?:关站|闭站|停服|停运|停止运营|网站关闭)(?:公告|通知|声明)?$`,
			`(?:site|website|service)\b[^?]{0,20}(?:has been|is|was)(?: now| permanently)? (?:closed|shut down|disabled|discontinued)`,
		),
		with: expr(`再见|感谢[^,]{0,8}(?:支持|陪伴)|江湖|后会有期|联系(?:管理员|客服|站长)|稍后|重新开放|goodbye|thank`),
	},
	{
		kind: Challenge, name: "firewall-said", must: true,
		says: exprs(
			`(?:访问|请求|操作|IP|行为)[^?]{0,14}(?:被|已被|遭到|受到|触发)[^?]{0,12}(?:拦截|阻断|拒绝|限制|封禁|禁止|屏蔽|规则|策略)`,
			`(?:访问|请求|操作|刷新|点击|查询|提交)(?:过于|太|过|的?次数)(?:过于|太|过)?(?:频繁|快|多)`,
			`(?:安全|人机|真人|滑动|滑块|图形|行为|拼图)(?:验证|校验|认证|检测|检查)(?:中|码|$|[^产服系平])`,
			`请[^?]{0,12}(?:完成|通过|输入|拖动|滑动|点击)[^?]{0,12}(?:验证|验证码|滑块|校验)`,
			`(?:异常|恶意|可疑|非法|攻击)(?:访问|请求|流量|行为|操作)`,
			`(?:正在|进行)[^?]{0,6}(?:检查|验证|检测)[^?]{0,8}(?:浏览器|安全|环境|身份|访问)`,
			`(?:您|你)(?:是|不是)[^?]{0,4}(?:机器人|真人|人类)`,
			`^(?:restricted access|request (?:denied|blocked)|too many requests|access (?:blocked|restricted))`,
			`(?:verify|verifying|confirm)[^?]{0,20}(?:human|robot|browser)`,
		),
		with: expr(`(?:request|event|trace|ray|incident|block)[ _-]?id|(?:请求|事件|拦截|追踪|日志|会话)\s*(?:id|编号|号)\b?|您的\s*ip|your ip|防火墙|安全策略|安全防护|WAF|云盾|验证码|继续访问|误[报拦判]|稍后再试|自动跳转|[0-9a-f]{16,}`),
	},
	{
		kind: DefaultServer, name: "default-said",
		says: exprs(
			`(?:恭喜|祝贺|congratulations)[^?]{0,30}(?:成功|success|work|install|creat)`,
			`^(?:网站|站点|主机|空间|环境|面板|服务器|服务|web\s*服务|项目)?(?:安装|创建|搭建|部署|开通|配置|启动)(?:已)?(?:成功|完成)`,
			`(?:网站|站点|主机|空间|环境|服务器)(?:安装|创建|搭建|部署|开通|配置|启动)(?:已)?(?:成功|完成)`,
			`(?:successfully|has been) (?:installed|created|deployed|configured|set ?up)`,
			`\b(?:installed|created|deployed|configured) successfully`,
			`(?:默认)(?:首页|主页|页面|站点|网站|虚拟主机)|\bdefault (?:index |web ?|home ?)?(?:page|site|website|vhost|server)\b`,
			`(?:此|本|这个|该)?页面?由系统(?:自动)?生成`,
			`(?:if|when) you (?:can )?see this (?:page|message)`,
		),
		with: expr(`一键安装|面板|探针|phpinfo|phpmyadmin|adminer|opcache|memcached|nginx|apache|tomcat|openresty|lnmp|index\.(?:html|php)|根目录|web ?server|wwwroot|/usr/local|/var/www|\(∩_∩\)|自动生成|^200\b`),
		must: true, told: true,
	},
	{
		kind: Parked, name: "for-sale-said",
		says: exprs(
			`(?:[a-z0-9-]{1,40}\.(?:com|cn|net|org|cc|top|vip|xyz|io|info|site|shop|club|me|co|tv|中国|网址|公司|网络)\b|(?:本|该|此|这个)域名|this domain|the domain(?: name)?)[^?]{0,40}(?:出售|转让|待售|一口价|求购|竞价|议价|for sale|transaction|buy(?:ing)? |available for|fixed.price|is listed|auction)`,
			`^(?:is )?(?:currently |now )?for sale[!.]?$`,
			`(?:出售|转让|for sale|buy)[^?]{0,16}\b[a-z0-9-]{1,40}\.(?:com|cn|net|org|cc|top|vip|xyz|io|info|site|shop|club|me|co|tv)\b`,
		),
		with: expr(`currently for sale|make (?:an )?offer|get this domain|buy now|(?:e-?mail|wechat|telegram|qq|微信|电话|邮箱|手机|联系)|报价|购买|出价|一口价|中介|托管|过户|买下|inquir|contact`),
		must: true, told: true,
	},
	{
		kind: Error, name: "error-said", back: true, told: true,
		says: exprs(
			`(?:您|你|所?(?:访问|请求|查看|寻找|要找|打开|浏览|查找|输入)的?|这个?|该|此|当前|本|^)[^?,]{0,10}`+thing+`[^?]{0,10}`+gone,
			`(?:找不到|未找到|没有找到|无法找到|无法访问|无权访问|无法打开|打不开)[^?,]{0,12}`+thing,
			`(?:权限不[足够]|没有[^?,]{0,6}权限|无[^?,]{0,4}权限|禁止访问|拒绝访问|访问被拒绝|未授权|无权(?:访问|查看|限))`,
			`(?:服务器|系统|程序|网站|网络|源站|后台|数据库|服务)[^?,]{0,8}(?:错误|异常|出错|故障|出现问题|开小差|崩溃|宕机|繁忙|打盹|罢工|睡着|挂了|出了点?小?(?:问题|状况|差错)|不可用|连接失败)`,
			`(?:您|你|请求)[^?,]{0,12}(?:迷路|迷失|走丢|走错)`,
			`(?:^|\D)(?:40[0-4]|410|50[0-4])(?:\s*[!:.~-]?\s*$|\s*(?:错误|页面|not found|forbidden|error|bad gateway|internal|抱歉|对不起|您|你|找不到|啊|呀|了))`,
			`(?:出错了|出错啦|出现错误|发生错误|发生了错误|参数错误|非法请求|^错误$|^错误提示$|^error$|^oops\b|^哎呀|^啊哦|^糟糕)`,
			`page[^?]{0,40}(?:not found|n't exist|does not exist|not be found|n't be found|is missing|no longer exists|n't here)`,
			`^(?:not found|something went wrong|internal server error|bad gateway|access (?:is )?(?:denied|forbidden)|permission denied|unauthorized|service unavailable|gateway time-?out)`,
		),
		with: expr(`抱歉|对不起|很遗憾|不好意思|sorry|秒后|稍[后候]再?试|联系[^,]{0,6}管理员|自动跳转|刷新|检查[^,]{0,8}(?:网址|地址|链接|拼写)|错误码|error code`),
	},
}
