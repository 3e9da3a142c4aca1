package detect

import (
	"github.com/beianwatch/beianwatch/detect/industry"
	"github.com/beianwatch/beianwatch/detect/number"
	"github.com/beianwatch/beianwatch/detect/page"
)

func judgeIndustries(*page.Page, []number.Licence) []industry.Judged { return nil }
