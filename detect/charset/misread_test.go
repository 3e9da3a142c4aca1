package charset

import "testing"

// TestMisread: what browsers make of UTF-8 that is named otherwise, as seen.
func TestMisread(t *testing.T) {
	for _, tt := range []struct {
		text, drawn string
		want        bool
	}{
		{"女博士画出兰亭序", "濂冲崥澹敾鍑哄叞浜簭", true}, // GBK
		{"3月5日起停水", "3鏈�5鏃ヨ捣鍋滄按", true},
		{"灌溉设备", "ç\u0081Œæº‰è®¾å¤‡", true}, // Windows-1252, by a reader that keeps C1
		{"3月", "3鏈�", false},                // too little
		{"青禾灌溉设备有限公司", "青禾灌溉设备有限公司", false},
		{"青禾灌溉设备有限公司", "青禾灌溉 - 首页", false},
		{"Irrigation", "Irrigation", false},
		{"", "", false},
	} {
		if got := Misread(tt.text, tt.drawn); got != tt.want {
			t.Errorf("%q, %q: %v", tt.text, tt.drawn, got)
		}
	}
}
