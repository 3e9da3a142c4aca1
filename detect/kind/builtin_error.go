package kind

// errors are error pages, whatever status they come with: a page that says 404
// under status 200 is one too.
var errors = []Fingerprint{
	{Name: "error-title-is", Kind: Error, TitleIs: []string{
		"404", "404页面", "404 页面", "404错误", "404 错误", "404错误页面", "404 错误页面", "404-页面不存在", "404 Not Found", "404 - Not Found", "404 - Page Not Found", "404 Page Not Found", "404 - 找不到文件或目录。", "Not Found",
		"Page Not Found", "Page not found", "Error 404", "Error", "Error Page", "错误", "出错了", "出错啦", "错误页面", "错误提示", "系统错误", "系统提示", "页面不存在", "页面未找到", "页面找不到", "找不到页面", "找不到网页",
		"无法找到该页", "无法找到网页", "您访问的页面不存在", "403", "403 Forbidden", "403 - Forbidden", "Forbidden", "403 - 禁止访问: 访问被拒绝。", "403 - Forbidden: Access is denied.", "401 Unauthorized", "400 Bad Request",
		"Bad Request", "410 Gone", "500", "500错误", "500 Internal Server Error", "Internal Server Error", "500 - Internal server error.", "500 - 内部服务器错误。", "Server Error", "服务器错误", "502", "502 Bad Gateway",
		"Bad Gateway", "503 Service Temporarily Unavailable", "503 Service Unavailable", "Service Unavailable", "504 Gateway Time-out", "504 Gateway Timeout", "Gateway Timeout", "Runtime Error", "运行时错误",
		"Whitelabel Error Page", "Database Error", "数据库错误", "Application Error", "Unauthorized", "Access Denied", "Object not found!", "Site not found", "No such app", "Invalid URL", "网页找不到",
	}},
	{Name: "error-title", Kind: Error, Title: []string{
		"404 Not Found", "404 Page not found", "404 - ", "404_", "404错误", "404页面", "HTTP Status 404", "HTTP Status 500", "HTTP Status 403", "HTTP状态 404", "HTTP状态 500", "HTTP 404", "HTTP 500", "HTTP Error 4", "HTTP 错误 4",
		"HTTP Error 5", "HTTP 错误 5", "Error 404", "Error 403", "Error 500", "页面不存在", "页面未找到", "页面没有找到", "找不到页面", "页面找不到", "无法找到该页", "网页不存在", "Page Not Found", "页面出错", "页面走丢了", "页面丢失",
		"500 Internal Server Error", "502 Bad Gateway", "503 Service", "504 Gateway", "403 Forbidden", "Server Error in", "服务器错误", "系统发生错误", "系统出错", "数据库连接失败", "Database Error", "Origin Error", "Exception in", "Whoops!",
		"Action Controller: Exception caught", "Error establishing a database connection", "建立数据库连接时出错", "The page cannot be found", "The page cannot be displayed", "Directory Listing Denied",
	}, MaxVisible: 400},
	{Name: "nginx-error", Kind: Error, Cause: "nginx", Text: []string{"Sorry, the page you are looking for is currently unavailable", "Faithfully yours, nginx"}, MaxVisible: 400},
	{Name: "apache-error", Kind: Error, Cause: "Apache", Text: []string{"was not found on this server", "You don't have permission to access this resource", "The server encountered an internal error or misconfiguration"}, MaxVisible: 500},
	{Name: "iis-error", Kind: Error, Cause: "IIS", Text: []string{
		"您要查找的资源可能已被删除,已更改名称或者暂时不可用", "您要查找的资源可能已被删除、名称已更改或暂时不可用", "The resource you are looking for might have been removed", "您不具备使用所提供的凭据查看该目录或页面的权限", "不允许您使用提供的凭据查看此目录或页面",
		"The page you are looking for cannot be displayed", "Bad Request - Invalid Hostname", "HTTP Error 404. The requested resource is not found", "HTTP Error 503. The service is unavailable", "Web 服务器被配置为不列出此目录的内容",
	}, MaxVisible: 900},
	{Name: "aspnet-error", Kind: Error, Cause: "ASP.NET", Text: []string{"应用程序中的服务器错误", "Server Error in '/' Application", "未将对象引用设置到对象的实例", "Compilation Error", "Microsoft JET Database Engine 错误", "Microsoft VBScript 运行时错误", "ADODB.Connection 错误"}, MaxVisible: 3000},
	{Name: "tomcat-error", Kind: Error, Cause: "Tomcat", Text: []string{"The origin server did not find a current representation", "源服务器未能找到目标资源的表示", "The requested resource is not available", "请求的资源["}, MaxVisible: 600},
	{Name: "spring-error", Kind: Error, Cause: "Spring", Text: []string{"This application has no explicit mapping for /error", "Whitelabel Error Page"}, MaxVisible: 500},
	{Name: "php-error", Kind: Error, Cause: "PHP", HTML: []string{"<b>Fatal error</b>:", "<b>Parse error</b>:"}, MaxVisible: 600},
	{Name: "php-error-text", Kind: Error, Cause: "PHP", Text: []string{"Fatal error: Uncaught", "PHP Fatal error", "Parse error: syntax error", "Allowed memory size of", "No input file specified.", "File not found."}, MaxVisible: 600},
	{Name: "php-fpm", Kind: Error, Cause: "PHP", Text: []string{"Access denied."}, MaxVisible: 20},
	{Name: "thinkphp-error", Kind: Error, Cause: "ThinkPHP", Text: []string{"页面错误!请稍后再试", "模块不存在:", "控制器不存在:", "非法操作:", "无法加载模块", "无法加载控制器", "系统发生错误", "SQLSTATE["}, With: []string{"ThinkPHP", "十年磨一剑", "错误位置", "页面错误", "SQLSTATE", "Whoops"}, MaxVisible: 2500},
	{Name: "laravel-error", Kind: Error, Cause: "Laravel", Text: []string{"Whoops, looks like something went wrong", "Whoops, something went wrong on our servers"}, MaxVisible: 600},
	{Name: "django-error", Kind: Error, Cause: "Django", Text: []string{"You're seeing this error because you have DEBUG = True"}, MaxVisible: 4000},
	{Name: "express-error", Kind: Error, Cause: "Express", Text: []string{"Cannot GET /"}, MaxVisible: 40},
	{Name: "go-not-found", Kind: Error, Text: []string{"404 page not found", "404 Not Found", "404 File not found"}, MaxVisible: 40},
	{Name: "flask-error", Kind: Error, Text: []string{"The requested URL was not found on the server. If you entered the URL manually"}, MaxVisible: 300},
	{Name: "rails-error", Kind: Error, Cause: "Rails", Text: []string{"The page you were looking for doesn't exist", "We're sorry, but something went wrong"}, MaxVisible: 400},
	{Name: "wordpress-error", Kind: Error, Cause: "WordPress", Text: []string{"Error establishing a database connection", "建立数据库连接时出错", "There has been a critical error on this website", "此站点遇到了致命错误", "此站点的技术出现了问题", "您的站点遇到了技术问题"}, MaxVisible: 400},
	{Name: "discuz-error", Kind: Error, Cause: "Discuz!", Text: []string{"Discuz! Database Error", "Discuz! System Error", "Can not connect to MySQL server", "对不起,论坛因"}, MaxVisible: 600},
	{Name: "dedecms-error", Kind: Error, Cause: "DedeCMS", Text: []string{"DedeCMS Error Warning", "DedeCMS Error:", "连接数据库失败,可能数据库密码不对"}, MaxVisible: 600},
	{Name: "database-error", Kind: Error, Text: []string{
		"数据库连接失败", "数据库连接错误", "连接数据库失败", "连接数据库出错", "无法连接数据库", "无法连接到数据库", "数据库服务器连接失败", "mysql_connect():", "mysqli_connect():", "Could not connect to the database",
		"Can't connect to MySQL server", "Can't connect to local MySQL server", "Access denied for user '", "SQLSTATE[HY000]", "Too many connections",
	}, MaxVisible: 300},
	{Name: "object-storage", Kind: Error, Text: []string{"NoSuchBucket", "NoSuchKey", "The specified bucket does not exist", "The specified key does not exist", "UserDisable"}, MaxVisible: 600},
	{Name: "paas-error", Kind: Error, Text: []string{
		"There isn't a GitHub Pages site here", "Looks like you've followed a broken link or entered a URL that doesn't exist on this site", "The deployment could not be found on Vercel", "404: NOT_FOUND", "DEPLOYMENT_NOT_FOUND", "No such app",
	}, MaxVisible: 500},
	{Name: "cdn-error", Kind: Error, Text: []string{"源站连接失败", "源站异常", "回源失败", "源服务器错误", "Origin is unreachable", "Web server is down", "Connection timed out Error code 522", "502 Bad Gateway", "504 Gateway Time-out", "500 Internal Server Error"}, MaxVisible: 300},
	{Name: "error-text", Kind: Error, Text: []string{
		"您访问的页面不存在", "您请求的页面不存在", "您请求的文件不存在", "您要访问的页面不存在", "您所访问的页面不存在", "您访问的页面似乎不存在", "抱歉,页面不存在", "抱歉,您访问的页面", "对不起,您访问的页面", "很抱歉,您访问的页面", "对不起,您请求的页面",
		"很抱歉,您要访问的页面", "抱歉,你访问的页面", "您访问的网页不存在", "你访问的页面不存在", "你要找的页面不存在", "您要找的页面不存在", "404 页面未找到", "404,您请求的", "404 Not Found", "页面走丢了", "页面不见了", "网站出错了", "服务器内部错误", "服务器出错了",
		"服务器开小差", "系统繁忙,请稍后再试", "系统错误,请稍后", "网站暂时无法访问", "网站临时无法访问", "您访问的站点不存在", "您访问的网站不存在", "该网站不存在", "站点不存在", "域名未绑定", "域名没有绑定", "该域名未绑定", "没有绑定此域名", "Domain not bound",
		"No Site Configured", "the page you requested could not be found", "the page you are looking for does not exist", "the page you're looking for does not exist", "page can't be found", "page could not be found",
	}, MaxVisible: 160},
}
