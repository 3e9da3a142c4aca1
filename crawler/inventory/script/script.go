// Package script writes the traditional characters of headings and statuses as
// simplified ones.
package script

import "strings"

// simple writes the traditional characters of headings and statuses as
// simplified ones: enough for the words that this package knows, no more.
var simple = func() map[rune]rune {
	const traditional = "網備號證狀態單稱應級屬務雲電話機聯絡係註冊時間項審許資質體執營業負責預檢測說郵區發實認戶統會碼頁經類門團隊員編國廣東無為過辦轉個處報關閉開訪問撤銷錄訊導醫藥遊戲廳臺灣財產權條約進駁復複變離標題職術學術習動靜態視聽節廢異殼駐線際載運臨總協調規則範圍將對號碼與從準備縣鄉鎮縮簡說試樣樣廠"
	const simplified = "网备号证状态单称应级属务云电话机联络系注册时间项审许资质体执营业负责预检测说邮区发实认户统会码页经类门团队员编国广东无为过办转个处报关闭开访问撤销录讯导医药游戏厅台湾财产权条约进驳复复变离标题职术学术习动静态视听节废异壳驻线际载运临总协调规则范围将对号码与从准备县乡镇缩简说试样样厂"
	from, to := []rune(traditional), []rune(simplified)
	m := make(map[rune]rune, len(from))
	for i, r := range from {
		m[r] = to[i]
	}
	return m
}()

// Simplify writes s in simplified characters.
func Simplify(s string) string {
	return strings.Map(func(r rune) rune {
		if to, ok := simple[r]; ok {
			return to
		}
		return r
	}, s)
}
