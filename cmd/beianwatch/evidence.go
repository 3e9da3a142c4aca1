package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/beianwatch/beianwatch/crawler/dns"
	"github.com/beianwatch/beianwatch/crawler/message"
	"github.com/beianwatch/beianwatch/crawler/wacz"
	"github.com/beianwatch/beianwatch/detect/rules"
	"github.com/beianwatch/beianwatch/reports"
	"github.com/beianwatch/beianwatch/reports/export"
	"github.com/beianwatch/beianwatch/reports/store"
	"github.com/beianwatch/beianwatch/reports/wording"
	"github.com/beianwatch/beianwatch/schedule"
)

func (p *program) evidenceCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "evidence",
		Short: p.tr("导出、核验证据（WACZ）", "Export and verify evidence (WACZ)"),
		Args:  p.none(),
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	run := ""
	exporting := &cobra.Command{
		Use:   p.tr("export 域名", "export DOMAIN"),
		Short: p.tr("把一个域名的证据导出为一个签名的 WACZ 文件", "Export the evidence of a domain as one signed WACZ file"),
		Long: p.tr(`把一个域名的证据导出为 WACZ 文件：WARC 原始数据、DNS 应答、证书链、页脚截图、结论、各文件的 SHA-256 和签名。
用 --timestamp-server（配置 timestamp-server）加盖可信时间戳。不含清单中的负责人、域名持有者、电话、材料和证件信息，相关规则只有结论。
用 --out 指定文件（.wacz）或文件夹；不写 --run 时取有该域名证据的最近一个批次。`,
			`Export the evidence of a domain as a WACZ file: WARC, DNS answers, the certificate chain, the picture of the footer,
the verdict, the SHA-256 of every part, and a signature. With --timestamp-server (config: timestamp-server) a trusted
time stamp is added. What the inventory says of owners, holders, telephones, documents and what stands in them is left
out; the rules that read it have their verdict alone. --out names a file (.wacz) or a folder; without --run it is the
newest run that has evidence of the domain.`),
		Args: p.arguments(1, 1, "一个域名", "a domain"),
		RunE: func(cmd *cobra.Command, args []string) error { return p.exportEvidence(cmd.Context(), args[0], run) },
	}
	exporting.Flags().StringVar(&run, "run", "", p.tr("批次号、其开头或 latest", "a run: its id, its beginning, or latest"))
	exporting.RegisterFlagCompletionFunc("run", p.runWords) //nolint:errcheck // the flag is there
	p.BindStamp(exporting.Flags())
	verifying := &cobra.Command{
		Use:   p.tr("verify [文件或文件夹]…", "verify [FILE|FOLDER]…"),
		Short: p.tr("核验 WACZ、WARC 文件或证据文件夹是否完好", "Check that WACZ and WARC files, or folders of them, are what they were"),
		Long: p.tr(`核验每条记录、摘要、索引、签名和时间戳。不写文件时核验本机的证据文件夹。
退出码：0 完好；3 有损坏、改动或签名不符。签名只说明文件出自某个密钥：请与对方另行提供的密钥指纹比对。`,
			`Check every record, digest, index, signature and time stamp. Without a file, the evidence folder of this machine is
checked. Exit codes: 0 whole, 3 damaged, changed or not of its signature. A signature tells which key made the file:
compare the fingerprint with the one that its owner gave you by other means.`),
		RunE: func(cmd *cobra.Command, args []string) error { return p.verifyEvidence(cmd.Context(), args) },
	}
	p.BindStampRoots(verifying.Flags())
	key := &cobra.Command{
		Use:   "key",
		Short: p.tr("输出签名公钥及其指纹，供收件人核对", "Print the public key that signs, and its fingerprint, for those who verify"),
		Args:  p.none(),
		RunE: func(*cobra.Command, []string) error {
			k, err := p.SigningKey()
			if err == nil {
				_, err = fmt.Fprintf(p.out, "%ssha256 %s\n", k.PublicPEM(), k.Fingerprint())
			}
			return err
		},
	}
	cmd.AddCommand(exporting, verifying, key)
	return cmd
}

// exportEvidence writes the evidence of a domain as WACZ.
func (p *program) exportEvidence(ctx context.Context, given, word string) error {
	domain, err := dns.Name(given)
	if err != nil {
		return usage("%v；请写域名，如 example.cn", "%v; give a domain such as example.cn", err)
	}
	s, err := p.openStore(ctx)
	if err != nil {
		return err
	}
	defer s.Close()
	run, result, err := evidenceOf(ctx, s, domain, word)
	if err != nil {
		return err
	}
	obs, err := schedule.ReadEvidence(p.DataDir(), run.ID, result.Evidence)
	if err != nil {
		return message.Errorf("%s 的证据无法读取：%w；“beianwatch evidence verify”可查明损坏之处", "the evidence of %s cannot be read: %w; 'beianwatch evidence verify' tells what is damaged", domain, err)
	}
	key, err := p.SigningKey()
	if err != nil {
		return err
	}
	pack, err := p.packageOf(run, result)
	if err != nil {
		return err
	}
	seen := *obs
	seen.Documents = nil // not seen of the site: it is the owner's
	pack.Observation = &seen
	path := p.Out
	if !strings.EqualFold(filepath.Ext(path), ".wacz") {
		path = filepath.Join(path, reports.FileName(domain)+"-"+run.ID+".wacz")
	}
	if dir := filepath.Dir(path); dir != "." {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return message.Errorf("建立文件夹：%w；请用 --out 指定可写的位置", "making the folder: %w; name a place that can be written with --out", err)
		}
	}
	sum := sha256.New()
	err = writeFile(path, func(w io.Writer) error {
		return wacz.Write(ctx, io.MultiWriter(w, sum), pack, key, p.Stamp())
	})
	if err != nil {
		return err
	}
	if p.Quiet {
		fmt.Fprintln(p.out, path)
		return nil
	}
	p.say("证据：%s", "evidence: %s", path)
	p.say("SHA-256：%s", "SHA-256: %s", hex.EncodeToString(sum.Sum(nil)))
	p.say("签名密钥指纹：%s（公钥：“beianwatch evidence key”）", "fingerprint of the signing key: %s (public key: 'beianwatch evidence key')", key.Fingerprint())
	if p.Stamp() == nil {
		p.say("没有可信时间戳：请用 --timestamp-server 指定时间戳服务器", "there is no trusted time stamp: name a server with --timestamp-server")
	}
	return nil
}

// evidenceOf finds the run that word names, else the newest one that has evidence of
// the domain.
func evidenceOf(ctx context.Context, s *store.Store, domain, word string) (*reports.Run, *store.Result, error) {
	var runs []*reports.Run
	if word != "" {
		run, err := findRun(ctx, s, word)
		if err != nil {
			return nil, nil, err
		}
		runs = []*reports.Run{run}
	} else {
		all, err := s.Runs(ctx, evidenceRuns)
		if err != nil {
			return nil, nil, err
		}
		runs = all
	}
	seen := false
	for _, run := range runs {
		result, err := s.Result(ctx, run.ID, domain)
		switch {
		case errors.Is(err, store.ErrNoResult):
			continue
		case err != nil:
			return nil, nil, err
		case result.Evidence.File != "":
			return run, result, nil
		}
		seen = true
	}
	if seen {
		return nil, nil, usage("没有保留 %s 的证据：默认只保留有问题或有变化的网站的；“--evidence all”保留全部", "no evidence of %s was kept: by default it is kept of findings and changes; '--evidence all' keeps all", domain)
	}
	return nil, nil, usage("保存的批次中没有 %s；“beianwatch report”列出全部批次", "no run that is kept has %s; 'beianwatch report' lists the runs", domain)
}

// evidenceRuns is how many runs are looked through for evidence.
const evidenceRuns = 1000

// packageOf is what is told beside the observation. The owner and what else the
// inventory has of people is nobody else's.
func (p *program) packageOf(run *reports.Run, result *store.Result) (*wacz.Package, error) {
	rec := result.Record.Public(rules.All)
	var verdict bytes.Buffer
	if err := export.WriteJSON(&verdict, rec, p.Lang); err != nil {
		return nil, err
	}
	software := "beianwatch " + version
	return &wacz.Package{
		Name: run.ID, Software: software, Created: time.Now(), Main: rec.FinalURL, MainTitle: rec.Title,
		Title: wording.Domain(rec.Domain) + " " + wording.Timestamp(rec.At),
		Description: fmt.Sprintf("%s visited %s at %s (run %s, vantage %q). evidence/README.txt says what is in this file.",
			software, rec.Domain, rec.At.UTC().Format(time.RFC3339), run.ID, run.Vantage),
		Files: []wacz.File{{Name: "verdict.json", Body: verdict.Bytes()}},
	}, nil
}

// print writes a line of a command's result.
func (p *program) print(zh, en string, args ...any) {
	fmt.Fprintln(p.out, message.Format(zh, en, args...).In(p.Lang))
}
