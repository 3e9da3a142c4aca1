package browser

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/beianwatch/beianwatch/crawler/whole"
)

// A process is a running browser with the folder that it may write to.
type process struct {
	cmd    *exec.Cmd
	folder *whole.Folder  // swept away by the next browser's process if this one is killed
	out    io.WriteCloser // commands to it
	in     io.ReadCloser  // what it says
	died   chan struct{}  // closed when the program has ended
}

// switches are how the browser is started. Each is there for one of five
// reasons: it looks as a visitor's does, it has no way out but the proxy, it is
// a stranger that keeps nothing, it is cheap, or its pages can be read whole.
func switches(folder string, sandbox bool) []string {
	list := []string{
		"--headless", "--remote-debugging-pipe", "--user-data-dir=" + folder, "--no-first-run", "--no-default-browser-check",
		"--window-size=" + strconv.Itoa(width) + "," + strconv.Itoa(height), "--lang=zh-CN", "--accept-lang=zh-CN,zh",
		"--disable-blink-features=AutomationControlled",
		"--ignore-certificate-errors",

		// The proxies of the tabs are the only way out.
		"--proxy-server=socks5://" + nowhere, "--proxy-bypass-list=<-loopback>",
		"--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
		"--disable-quic",
		"--webrtc-ip-handling-policy=disable_non_proxied_udp", "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-domain-reliability",
		"--disable-client-side-phishing-detection", "--disable-breakpad", "--metrics-recording-only", "--no-pings",
		"--disable-extensions", "--disable-default-apps", "--disable-component-extensions-with-background-pages",
		"--password-store=basic", "--use-mock-keychain", "--disable-dev-shm-usage", "--mute-audio",
		"--disable-print-preview", "--disable-notifications", "--deny-permission-prompts", "--disable-search-engine-choice-screen",
		// A popup would send what we do not see, and keep its opener's virtual time standing.
		// A full browser opens none that no visitor has asked for.
		"--block-new-web-contents",

		// All frames of a page live in its own process, where one snapshot
		// reads them and one virtual time drives them.
		"--disable-site-isolation-trials",
		"--disable-features=WebRtcHideLocalIpsWithMdns," + // asks the local network by multicast
			"IsolateOrigins,site-per-process,IsolateSandboxedIframes,BackForwardCache,ProcessPerSiteUpToMainFrameThreshold,SpareRendererForSitePerProcess,ProactivelySwapBrowsingInstance," +
			"Translate,OptimizationHints,MediaRouter,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable,InterestFeedContentSuggestions,Prerender2,PaintHolding,AutofillServerCommunication,CertificateTransparencyComponentUpdater",
		"--disable-background-timer-throttling", "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
		"--disable-gpu", "--disable-hang-monitor",
		"--renderer-process-limit=100", // virtual time holds for a process: no two tabs may share one
		"--js-flags=" + strings.Join(scriptEngine, " "),
	}
	if !sandbox {
		list = append(list, "--no-sandbox")
	}
	return list
}

const (
	width, height = 1280, 900 // of the window, in CSS pixels: a desktop visitor

	// nowhere is the discard port of this machine: nothing speaks SOCKS there.
	nowhere = "127.0.0.1:9"
)

// scriptEngine are the switches of V8. A page lives for a second or two: what the optimising
// compilers make of its functions is hardly ever run often enough to have been worth it, so
// they begin a hundred times later than they would. A loop that runs long is compiled while
// it runs, as ever. V8 stops reading at a switch that it does not know: the bound is first.
var scriptEngine = []string{
	"--max-old-space-size=256", // MiB of script heap a page
	"--invocation-count-for-maglev=40000", "--invocation-count-for-maglev-with-delay=60000",
	"--invocation-count-for-turbofan=300000", "--invocation-count-for-early-optimization=3000",
}

// A way is how the browser is run: as a user without rights, where this process
// is root, and with its own sandbox.
type way struct{ unprivileged, sandbox bool }

// startProcess runs the program in a process group and a folder of its own.
func startProcess(path string, how way, n *netns) (*process, error) {
	folder, err := whole.NewFolder(os.TempDir(), "beianwatch-browser-")
	if err != nil {
		return nil, err
	}
	p := &process{folder: folder, died: make(chan struct{})}
	if how.unprivileged {
		err = handOver(folder.Path)
	}
	if err == nil {
		err = p.run(path, how, n)
	}
	if err != nil {
		folder.Close()
		return nil, err
	}
	return p, nil
}

func (p *process) run(path string, how way, n *netns) error {
	childIn, out, err := os.Pipe()
	if err != nil {
		return err
	}
	in, childOut, err := os.Pipe()
	if err != nil {
		return errors.Join(err, childIn.Close(), out.Close())
	}
	p.in, p.out = in, out
	p.cmd = exec.Command(path, switches(p.folder.Path, how.sandbox)...)
	p.cmd.ExtraFiles = []*os.File{childIn, childOut} // its descriptors 3 and 4
	p.cmd.Env = environment(p.folder.Path)
	p.cmd.Dir = p.folder.Path
	p.cmd.SysProcAttr = attributes(how.unprivileged)
	n.do(func() { err = p.cmd.Start() })
	childIn.Close()
	childOut.Close()
	if err != nil {
		return errors.Join(err, in.Close(), out.Close())
	}
	go func() {
		p.cmd.Wait() // how it ended says nothing that its silence does not
		close(p.died)
	}()
	return nil
}

// environment is all that the browser learns of this process: its settings
// files live in its own folder, and its clock stands in China, where the
// visitors are.
func environment(folder string) []string {
	env := []string{"HOME=" + folder, "XDG_CONFIG_HOME=" + folder, "XDG_CACHE_HOME=" + folder, "TMPDIR=" + folder, "TZ=Asia/Shanghai", "LANG=zh_CN.UTF-8", "LANGUAGE=zh_CN"}
	for _, name := range []string{"PATH", "LD_LIBRARY_PATH", "FONTCONFIG_PATH", "FONTCONFIG_FILE"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return env
}

// stop ends the program with all its children and removes what it wrote.
func (p *process) stop() {
	p.out.Close() // asks it to end
	select {
	case <-p.died:
	case <-time.After(stopGrace):
	}
	killGroup(p.cmd.Process.Pid)
	<-p.died
	p.in.Close()
	p.folder.Close()
}

// stopGrace is how long a browser may take to end by itself.
const stopGrace = 300 * time.Millisecond

// memory is the resident memory of the program with its children in bytes, as
// /proc tells it; 0 where there is no /proc. Pages that processes share are
// counted by their share (PSS) where the system says it.
func (p *process) memory() int64 {
	var sum int64
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, stat := range stats {
		raw, err := os.ReadFile(stat)
		if err != nil || groupOf(string(raw)) != p.cmd.Process.Pid {
			continue
		}
		sum += resident(filepath.Dir(stat))
	}
	return sum
}

// groupOf reads the process group of a line of /proc/PID/stat.
func groupOf(stat string) int {
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 3 {
		return 0
	}
	group, _ := strconv.Atoi(fields[2])
	return group
}

// resident is the proportional memory of one process in bytes.
func resident(folder string) int64 {
	raw, err := os.ReadFile(folder + "/smaps_rollup")
	if err != nil {
		return private(folder) // of a sandboxed process only root may know more
	}
	for line := range strings.Lines(string(raw)) {
		if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
			kib, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kib << 10
		}
	}
	return 0
}

// private is the memory of one process without what it shares, in bytes.
func private(folder string) int64 {
	raw, err := os.ReadFile(folder + "/statm")
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(raw))
	if len(fields) < 3 {
		return 0
	}
	all, _ := strconv.ParseInt(fields[1], 10, 64)
	shared, _ := strconv.ParseInt(fields[2], 10, 64)
	return (all - shared) * int64(os.Getpagesize())
}
